//! Words that are names of places, too, but seldom mean them; and those around a name.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use super::words::{Key, key};

/// A list of names, found by their hash.
pub struct List {
    names: &'static str,
    hashes: OnceLock<FxHashSet<u64>>,
}

impl List {
    const fn new(names: &'static str) -> Self {
        Self { names, hashes: OnceLock::new() }
    }

    /// Whether the name with this hash is on it.
    pub fn has(&self, hash: u64) -> bool {
        let read = || self.names.split(',').map(key).collect();
        self.hashes.get_or_init(read).contains(&hash)
    }

    /// Whether this word is on it; quick for words longer than any.
    pub fn has_word(&self, word: &str, key: &mut Key) -> bool {
        word.len() <= 12 && self.has(key.of_word(word))
    }
}

/// Profiles that say nothing about a place though they sound like one.
pub static NOWHERE: List = List::new(
    "earth,planet earth,the earth,the world,world,worldwide,world wide,global,globe,international,\
     everywhere,anywhere,somewhere,elsewhere,nowhere,here,there,here and there,moon,the moon,mars,venus,\
     jupiter,saturn,pluto,sun,space,outer space,universe,the universe,multiverse,galaxy,milky way,\
     internet,the internet,interwebs,online,web,the web,cyberspace,cloud,the cloud,the metaverse,metaverse,\
     fediverse,the fediverse,bluesky,twitter,reddit,discord,home,my home,at home,my bed,bed,my room,house,\
     your heart,in your heart,heart,hell,heaven,paradise,eden,utopia,limbo,void,the void,hogwarts,narnia,\
     gotham,gotham city,wakanda,asgard,atlantis,neverland,wonderland,oz,westeros,middle earth,gondor,\
     mordor,shire,the shire,tatooine,springfield usa,bikini bottom,remote,remotely,nomad,on the road,\
     on the move,on tour,travelling,traveling,hollywood,broadway,europe,asia,africa,america,americas,\
     north america,south america,latin america,latam,emea,apac,oceania,scandinavia,middle east,\
     european union,eu,the south,the north,the west,the east,midwest,west coast,east coast,pacific,\
     atlantic,antarctica,location,unknown,private,secret,undisclosed,na,n a,none,null,she her,he him,\
     they them,behind you,in my head,my mind,dreamland,love,hope,peace,freedom,liberty,music,life,\
     mundo,el mundo,planeta tierra,tierra,welt,erde,weltweit,monde,terre,partout,mondo,ovunque,dünya,\
     весь мир,мир,земля,планета земля,интернет,世界,地球,宇宙,インターネット,العالم,الأرض,지구,우주",
);

/// Words before a place in a profile.
pub static BEFORE: List = List::new(
    "based,in,living,live,lives,from,currently,now,formerly,originally,born,raised,near,outside,around,\
     the,greater,downtown,central,north,south,east,west,northern,southern,eastern,western,northeast,\
     northwest,southeast,southwest,inner,metro,metropolitan,city,of,suburban,rural,sunny,rainy,mostly,\
     somewhere,between,zwischen,entre,tra,aus,wohnhaft,bei,desde,vivo,en,à,de,depuis,em,da,я,из,в",
);

/// Words behind a place in a profile.
pub static AFTER: List = List::new(
    "area,metro,region,city,suburbs,suburb,metropolitan,based,native,born,resident,county,province,state,\
     district,downtown,center,centre,based",
);

/// Words between two places in a profile.
pub static AND: List = List::new("and,und,et,y,e,i,or,oder,ou,to,nach,via,then,vs,versus,och,og,en,ve,и,до");

/// Words that join two places in a text.
pub static JOIN: List = List::new(
    "and,or,to,vs,v,x,versus,via,through,for,then,und,oder,nach,bis,gegen,über,et,ou,à,vers,contre,puis,par,y,o,a,\
     hasta,contra,por,e,até,para,contro,en,naar,of,tot,och,eller,till,mot,og,eller,til,i,do,albo,ve,veya,ile,ja,sekä,és,vagy,și,sau,ir,\
     dan,và,и,или,до,і,й,та,або",
);

/// Words that a text may write with a capital without meaning the place: ordinary words, months,
/// brands. They need their country beside them.
pub static WORDS: List = List::new(
    "long island,nice,reading,mobile,bath,of,essen,halle,regen,weil,hof,hagen,wesel,bergen,baden,bad,singen,herne,\
     born,best,split,corner,ham,deal,rugby,sandwich,hull,lens,nancy,tours,brest,rennes,angers,orange,\
     vienne,pau,toulon,aurora,phoenix,columbia,columbus,independence,liberty,enterprise,paradise,orlando,\
     magnolia,concord,surprise,buckeye,flint,buffalo,lancaster,gary,garden,grove,plantation,hialeah,\
     normal,commerce,industry,union,central,eden,hope,moon,salem,troy,rome,athens,sparta,carthage,\
     olympia,corona,modesto,fontana,ontario,irving,garland,plano,temple,tempe,mesa,glendale,surrey,\
     delta,langley,regina,barrie,ajax,guelph,oxford,cambridge,kent,derby,preston,ford,kia,seat,opel,\
     sale,stroud,battle,rye,diss,wells,hove,crewe,tring,ware,street,staines,slough,march,may,june,\
     august,april,monday,sunday,friday,man,island,chad,jordan,turkey,georgia,guinea,jersey,niger,mali,\
     dominica,samoa,palau,gana,cina,mainz,mode,marl,ulm,trier,celle,aalen,ahlen,bocholt,gera,jena,\
     hamm,lage,werder,plauen,the,and,for,you,not,are,but,all,new,one,two,day,man,old,big,good,great,\
     well,like,just,can,will,from,with,this,that,what,when,who,how,why,yes,no,ok,oh,ah,hi,lol,wow,god,\
     lord,king,queen,general,major,santa,san,saint,real,casa,sol,luna,mar,rio,sur,norte,centro,salto,\
     leon,león,palma,vigo,salamanca,toledo,victoria,florida,esperanza,libertad,progreso,reforma,natal,\
     belém,betim,santos,campinas,vitória,salvador,fortaleza,recife,contagem,serra,franca,marco,\
     piano,como,lecco,bra,prato,pisa,massa,terni,savona,siena,monza,ravenna,lodi,asti,imola,\
     adana,batman,van,ordu,muş,bolu,usak,uşak,kars,agri,ağrı,edirne,rize,sinop,izmit,\
     medina,jeddah,moka,java,sake,kobe,hyundai,haifa,beta,alpha,omega,gamma,nova,vega,mercury,apollo,\
     titan,hercules,ajax,trinity,bethel,canaan,zion,sion,nazareth,bethlehem,damascus,babylon,\
     мир,победа,свобода,орёл,орел,киров,пушкин,владимир,королёв,королев,энгельс,железнодорожный,находка,\
     朝阳,朝陽,中山,东方,東方,大同,长安,長安,平安,和平,太平,福山,松山,高松,山口,石川,千葉,福島,長崎,宮崎,\
     岡山,富山,青山,秋田,山形,長野,香川,三原,永安,永康,长沙发,大和,美国队,海口,通化,白山,金華,东营",
);

/// First and last names of people, and what is called after a place: they need an `in` before them or
/// their country beside them.
pub static PEOPLE: List = List::new(
    "paris,london,austin,houston,dallas,charlotte,jackson,madison,lincoln,denver,sydney,florence,sofia,\
     sophia,chelsea,brooklyn,savannah,adelaide,victoria,diego,santiago,valencia,lorenzo,cordoba,córdoba,\
     milan,vienna,geneva,carolina,alexandria,elizabeth,darwin,wellington,nelson,hamilton,kingston,\
     washington,cleveland,franklin,arlington,henderson,anderson,clifton,clinton,lawrence,norman,tyler,\
     logan,carson,raleigh,bristol,chester,bradford,stockton,preston,sterling,warren,israel,india,chile,\
     kenya,ireland,holland,england,francia,roma,lima,sergio,francisco,bernardo,andrés,fernando,\
     tripoli,ankara,asmara,malaga,ronda,cali,macarena,guadalupe,mercedes,trinidad,amadora,ali,omar,\
     khan,singh,said,salem,nadia,hassan,mansur,salman,rashid,karim,amin,abha,anand,\
     москва,кирова,ростов,香港,上海",
);

/// Words before a place that somebody is in, in small letters.
pub static IN: List = List::new(
    "in,near,around,outside,em,à,i,w,we,v,ve,u,в,у,во,aus,bei,uit,depuis,desde,from,från,fra,из,từ,ở",
);

/// Words within a name that are written small.
pub static LINKS: List = List::new(
    "de,do,da,dos,das,del,la,las,le,les,los,el,of,upon,on,am,an,der,den,di,du,sur,en,al,aan,bei,im,by,the,and,y,of,d",
);

/// Endings by which Korean joins a place to its sentence.
pub static PARTICLES: [&str; 24] = [
    "에서",
    "에",
    "의",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "로",
    "으로",
    "와",
    "과",
    "도",
    "시",
    "시에서",
    "에서는",
    "에는",
    "까지",
    "부터",
    "에서부터",
    "까지의",
    "행",
    "발",
];

/// What behind a country's name in Chinese or Japanese makes it a language or people.
pub static NOT_A_PLACE: [char; 9] = ['語', '语', '人', '文', '式', '製', '制', '菜', '風'];
