"""Names that GeoNames' table of cities does not tell: regions, and what people call countries."""

# Languages whose names of countries are known.
LOCALES = """
af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka
kk km kn ko lo lt lv mk ml mn mr ms my nb ne nl nn pa pl pt pt_PT ro ru si sk sl sq sr sr_Latn sv sw ta
te th tr uk ur uz vi zh zh_Hant
""".split()

# By the two letters; names that stand for the country wherever they are written.
COUNTRY_NAMES = {
    "US": ["USA", "U.S.A.", "U.S.", "United States of America", "Estados Unidos de América", "EEUU", "EE.UU.",
           "EUA", "États-Unis d'Amérique", "Etats-Unis", "アメリカ", "米国", "美國", "미국"],
    "GB": ["UK", "U.K.", "Great Britain", "Britain", "G.B.", "Großbritannien", "Royaume Uni", "イギリス", "英国", "영국"],
    "AE": ["UAE", "U.A.E.", "Emirates"],
    "NL": ["Holland", "The Netherlands", "Nederland", "Hollanda", "Holanda"],
    "CZ": ["Czech Republic", "Czechia", "Česká republika", "Ceska republika"],
    "CD": ["DR Congo", "DRC", "Democratic Republic of the Congo"],
    "CG": ["Republic of the Congo"],
    "CI": ["Ivory Coast", "Côte d'Ivoire", "Cote d'Ivoire"],
    "KR": ["South Korea", "Korea", "Republic of Korea", "ROK"],
    "KP": ["North Korea", "DPRK"],
    "RU": ["Russia", "Russian Federation"],
    "TR": ["Turkey", "Türkiye", "Turkiye"],
    "MM": ["Burma", "Myanmar"],
    "MK": ["North Macedonia", "Macedonia"],
    "SZ": ["Eswatini", "Swaziland"],
    "TL": ["East Timor", "Timor-Leste"],
    "CV": ["Cape Verde", "Cabo Verde"],
    "VA": ["Vatican City", "Vatican"],
    "PS": ["Palestine"],
    "HK": ["Hong Kong"],
    "MO": ["Macau", "Macao"],
    "BO": ["Bolivia"], "VE": ["Venezuela"], "IR": ["Iran"], "SY": ["Syria"], "TZ": ["Tanzania"],
    "VN": ["Vietnam", "Viet Nam"], "LA": ["Laos"], "MD": ["Moldova"], "BN": ["Brunei"], "TW": ["Taiwan"],
    "BA": ["Bosnia", "Bosnia and Herzegovina"],
    "TT": ["Trinidad", "Trinidad and Tobago"],
    "ES": ["Espana"], "BR": ["Brasil"], "MX": ["México"], "PE": ["Perú"], "JP": ["Nippon"],
    "NZ": ["Aotearoa"], "BE": ["Belgique", "België"], "CH": ["Schweiz", "Suisse", "Svizzera"],
    "DE": ["BRD", "Deutschland"], "AT": ["Österreich", "Oesterreich"], "PH": ["Philippines", "Pilipinas"],
}

# More codes than those of ISO.
CODES = {"GB": ["UK"], "AE": ["UAE"], "DE": ["GER"], "NL": ["NED"], "CH": ["SUI"], "ZA": ["RSA"]}

# By GeoNames' number: names that stand for the city though it is called otherwise.
ALIASES = {
    5128581: ["New York", "NYC", "Nueva York", "New York, NY"],
    5368361: ["L.A.", "Los Ángeles"],
    5391959: ["San Fran", "SFO"],
    5506956: ["Vegas"],
    4560349: ["Philly"],
    4140963: ["Washington D.C.", "Washington DC"],
    4930956: ["Boston, MA"],
    3530597: ["CDMX", "Ciudad de México", "Mexico DF", "México DF", "México D.F."],
    3451190: ["Rio"],
    3448439: ["Sampa"],
    1566083: ["Saigon", "HCMC", "Ho Chi Minh"],
    1275339: ["Bombay"],
    1277333: ["Bangalore", "Bengaluru"],
    1264527: ["Madras"],
    1275004: ["Calcutta"],
    703448: ["Kiev", "Kyiv"],
    6325494: ["Quebec City", "Québec City"],
    2643743: ["LDN", "Londres", "London Town"],
    524901: ["Moscow"],
    498817: ["St Petersburg", "St. Petersburg", "Saint Petersburg", "Piter"],
    1850147: ["Tokyo", "東京", "東京都"],
    1853909: ["大阪"],
    1816670: ["Peking", "北京"],
}


def _of(country, rows):
    for row in filter(None, (line.strip() for line in rows.splitlines())):
        admin, name, codes, *others = row.split("|")
        yield country, admin, name, codes.split(), others


# Country, GeoNames' code of the region, name, codes, other names.
REGIONS = [
    *_of("US", """
        AL|Alabama|AL
        AK|Alaska|AK
        AZ|Arizona|AZ
        AR|Arkansas|AR
        CA|California|CA|Cali|SoCal|NorCal|Southern California|Northern California|Bay Area|SF Bay Area
        CO|Colorado|CO
        CT|Connecticut|CT
        DE|Delaware|DE
        DC|District of Columbia|DC|D.C.
        FL|Florida|FL
        GA|Georgia|GA
        HI|Hawaii|HI|Hawai'i
        ID|Idaho|ID
        IL|Illinois|IL
        IN|Indiana|IN
        IA|Iowa|IA
        KS|Kansas|KS
        KY|Kentucky|KY
        LA|Louisiana|LA
        ME|Maine|ME
        MD|Maryland|MD
        MA|Massachusetts|MA
        MI|Michigan|MI
        MN|Minnesota|MN
        MS|Mississippi|MS
        MO|Missouri|MO
        MT|Montana|MT
        NE|Nebraska|NE
        NV|Nevada|NV
        NH|New Hampshire|NH
        NJ|New Jersey|NJ
        NM|New Mexico|NM
        NY|New York State|NY|Upstate New York|Long Island|New York
        NC|North Carolina|NC
        ND|North Dakota|ND
        OH|Ohio|OH
        OK|Oklahoma|OK
        OR|Oregon|OR
        PA|Pennsylvania|PA
        RI|Rhode Island|RI
        SC|South Carolina|SC
        SD|South Dakota|SD
        TN|Tennessee|TN
        TX|Texas|TX
        UT|Utah|UT
        VT|Vermont|VT
        VA|Virginia|VA|Northern Virginia
        WA|Washington State|WA|Washington
        WV|West Virginia|WV
        WI|Wisconsin|WI
        WY|Wyoming|WY
    """),
    *_of("CA", """
        01|Alberta|AB
        02|British Columbia|BC|Colombie-Britannique
        03|Manitoba|MB
        04|New Brunswick|NB
        05|Newfoundland and Labrador|NL|Newfoundland
        07|Nova Scotia|NS
        08|Ontario|ON
        09|Prince Edward Island|PE PEI
        10|Quebec|QC PQ|Québec
        11|Saskatchewan|SK
        12|Yukon|YT
        13|Northwest Territories|NT
        14|Nunavut|NU
    """),
    *_of("AU", """
        01|Australian Capital Territory|ACT
        02|New South Wales|NSW
        03|Northern Territory|NT
        04|Queensland|QLD
        05|South Australia|SA
        06|Tasmania|TAS
        07|Victoria|VIC
        08|Western Australia|WA
    """),
    *_of("GB", """
        ENG|England|ENG
        NIR|Northern Ireland|NI
        SCT|Scotland|SCO|Schottland|Écosse|Escocia
        WLS|Wales|WAL|Cymru
    """),
    *_of("DE", """
        01|Baden-Württemberg|BW
        02|Bayern|BY|Bavaria|Baviera|Bavière
        05|Hessen|HE|Hesse
        06|Niedersachsen|NDS|Lower Saxony
        07|Nordrhein-Westfalen|NRW|North Rhine-Westphalia
        08|Rheinland-Pfalz|RLP|Rhineland-Palatinate
        09|Saarland|SL
        10|Schleswig-Holstein|SH
        11|Brandenburg|BB
        12|Mecklenburg-Vorpommern|MV
        13|Sachsen|SN|Saxony
        14|Sachsen-Anhalt|ST|Saxony-Anhalt
        15|Thüringen|TH|Thuringia
    """),
    *_of("IN", """
        02|Andhra Pradesh|AP
        03|Assam|AS
        09|Gujarat|GJ
        10|Haryana|HR
        13|Kerala|KL
        16|Maharashtra|MH
        19|Karnataka|KA
        23|Punjab|PB
        24|Rajasthan|RJ
        25|Tamil Nadu|TN|Tamilnadu
        28|West Bengal|WB
        33|Goa|GA
        34|Bihar|BR
        35|Madhya Pradesh|MP
        36|Uttar Pradesh|UP
        40|Telangana|TS
    """),
]
