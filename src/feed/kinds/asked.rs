//! The keys of everything that is asked for at an address.

/// Defines tables that share the keys of everything that is asked for at an address.
macro_rules! asked {
    ($($(#[$about:meta])* $name:ident ($schemes:expr) { $($own:tt)* })*) => {$(
        $(#[$about])*
        #[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The full URL. No secrets here.
            pub url: String,
            /// Headers to send. No secrets here: see `token_env`.
            #[serde(default)]
            pub headers: BTreeMap<String, String>,
            /// Name of the environment variable that contains the token. It is sent as a bearer
            /// token unless `token_header` or `token_parameter` is set.
            #[serde(default)]
            pub token_env: Option<String>,
            /// File that contains the token. Relative to the layout file.
            #[serde(default)]
            pub token_file: Option<PathBuf>,
            /// Send the token as the value of this header, for example `X-Api-Key`.
            #[serde(default)]
            pub token_header: Option<String>,
            /// Send the token as this URL parameter, for example `access_token`.
            #[serde(default)]
            pub token_parameter: Option<String>,
            /// Where to find the parts of a mention in a foreign record, as JSONPaths. Default: the
            /// records are canonical mentions.
            #[serde(default)]
            pub map: Option<FieldMap>,
            $($own)*
        }

        impl $name {
            /// How it is asked.
            pub fn asked(&self) -> Asked<'_> {
                Asked {
                    url: &self.url,
                    schemes: $schemes,
                    headers: &self.headers,
                    token_env: self.token_env.as_ref(),
                    token_file: self.token_file.as_ref(),
                    token_header: self.token_header.as_deref(),
                    token_parameter: self.token_parameter.as_deref(),
                }
            }
        }
    )*};
}

pub(in crate::feed::kinds) use asked;
