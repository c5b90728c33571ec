//! JSON read straight into what is wanted of it, without a tree in between: text is borrowed from
//! the bytes, what nobody asks for is passed over, and what has the wrong type is not there.

use std::borrow::Cow;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::mention::MAX_TAGS;

/// One field of a foreign record, as far as it can mean something.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::feed) enum Scalar<'a> {
    /// Not there, or `null`.
    #[default]
    Absent,
    Text(Cow<'a, str>),
    Whole(i64),
    /// A whole number above the greatest `i64`.
    Large(u64),
    Real(f64),
    Flag(bool),
    /// An object or an array.
    Other,
}

impl Scalar<'_> {
    pub fn is_there(&self) -> bool {
        *self != Self::Absent
    }
}

/// What a field's reader needs to know of a value: of one in a tree, or of one that was read
/// without.
pub(in crate::feed) trait Leaf {
    fn as_text(&self) -> Option<&str>;
    fn as_whole(&self) -> Option<i64>;
    fn as_count(&self) -> Option<u64>;
    fn as_real(&self) -> Option<f64>;
}

impl Leaf for Value {
    fn as_text(&self) -> Option<&str> {
        self.as_str()
    }

    fn as_whole(&self) -> Option<i64> {
        self.as_i64()
    }

    fn as_count(&self) -> Option<u64> {
        self.as_u64()
    }

    fn as_real(&self) -> Option<f64> {
        self.as_f64()
    }
}

/// Text that stands in no JSON.
impl Leaf for &str {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn as_whole(&self) -> Option<i64> {
        None
    }

    fn as_count(&self) -> Option<u64> {
        None
    }

    fn as_real(&self) -> Option<f64> {
        None
    }
}

impl Leaf for Scalar<'_> {
    fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    fn as_whole(&self) -> Option<i64> {
        if let Self::Whole(number) = self { Some(*number) } else { None }
    }

    fn as_count(&self) -> Option<u64> {
        match self {
            Self::Whole(number) => u64::try_from(*number).ok(),
            Self::Large(number) => Some(*number),
            _ => None,
        }
    }

    fn as_real(&self) -> Option<f64> {
        match self {
            Self::Whole(number) => Some(*number as f64),
            Self::Large(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }
}

/// Something that may stand where an object is wanted: what it becomes then.
pub(in crate::feed) trait Lone<'a>: Default {
    fn lone(_: Scalar<'a>) -> Self {
        Self::default()
    }
}

impl<'a> Lone<'a> for Scalar<'a> {
    fn lone(scalar: Scalar<'a>) -> Self {
        scalar
    }
}

/// The visits of a [`Visitor`] that are no object and no array: all become a [`Scalar`].
macro_rules! lone_visits {
    () => {
        fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            to.write_str("any JSON")
        }

        fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
            Ok($crate::feed::decode::scalar::Lone::lone($crate::feed::decode::scalar::Scalar::Flag(flag)))
        }

        fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
            Ok($crate::feed::decode::scalar::Lone::lone($crate::feed::decode::scalar::Scalar::Whole(number)))
        }

        fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
            let whole = i64::try_from(number).map($crate::feed::decode::scalar::Scalar::Whole);
            let scalar = whole.unwrap_or($crate::feed::decode::scalar::Scalar::Large(number));
            Ok($crate::feed::decode::scalar::Lone::lone(scalar))
        }

        fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
            Ok($crate::feed::decode::scalar::Lone::lone($crate::feed::decode::scalar::Scalar::Real(number)))
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            let text = std::borrow::Cow::Owned(text.to_owned());
            Ok($crate::feed::decode::scalar::Lone::lone($crate::feed::decode::scalar::Scalar::Text(text)))
        }

        fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
            let text = std::borrow::Cow::Borrowed(text);
            Ok($crate::feed::decode::scalar::Lone::lone($crate::feed::decode::scalar::Scalar::Text(text)))
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
    };
}
pub(in crate::feed) use lone_visits;

/// Defines a structure that is read from an object: `Name { field: Type = "key", … }`. Keys that
/// it does not name are passed over, of a key that comes twice the last counts, and what is no
/// object leaves every field at its default.
macro_rules! object {
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $field:ident: $kind:ty = $key:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Debug, Default)]
        pub(in crate::feed) struct $name<'a> {
            $($(#[$note])* pub $field: $kind,)*
        }

        impl<'de: 'a, 'a> serde::Deserialize<'de> for $name<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                #[derive(serde::Deserialize)]
                #[serde(field_identifier)]
                #[allow(non_camel_case_types, reason = "the names of the fields")]
                enum Key {
                    $(#[serde(rename = $key)] $field,)*
                    #[serde(other)]
                    Unknown,
                }

                struct Visit<'a>(std::marker::PhantomData<&'a ()>);

                impl<'de: 'a, 'a> serde::de::Visitor<'de> for Visit<'a> {
                    type Value = $name<'a>;

                    $crate::feed::decode::scalar::lone_visits!();

                    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                        $crate::feed::decode::scalar::pass_over(seq)?;
                        Ok(Default::default())
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                        let mut found = $name::default();
                        while let Some(key) = map.next_key()? {
                            match key {
                                $(Key::$field => found.$field = map.next_value()?,)*
                                Key::Unknown => drop(map.next_value::<serde::de::IgnoredAny>()?),
                            }
                        }
                        Ok(found)
                    }
                }

                from.deserialize_any(Visit(std::marker::PhantomData))
            }
        }
    };
}
pub(in crate::feed) use object;

/// Reads an array to its end for nothing.
pub(in crate::feed) fn pass_over<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<(), A::Error> {
    while seq.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Any)
    }
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Scalar<'de>;

    lone_visits!();

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Scalar<'de>, A::Error> {
        pass_over(seq)?;
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

/// The first `N` of an array; empty for what is none.
#[derive(Clone, Debug)]
pub(in crate::feed) struct Few<T, const N: usize>(Vec<T>);

impl<T, const N: usize> Few<T, N> {
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }
}

impl<T, const N: usize> Default for Few<T, N> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T, const N: usize> Lone<'_> for Few<T, N> {}

impl<'de, T: Deserialize<'de>, const N: usize> Deserialize<'de> for Few<T, N> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(First(std::marker::PhantomData))
    }
}

struct First<T, const N: usize>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>, const N: usize> Visitor<'de> for First<T, N> {
    type Value = Few<T, N>;

    lone_visits!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Few<T, N>, A::Error> {
        let mut items = Vec::new();
        while items.len() < N {
            let Some(item) = seq.next_element()? else { return Ok(Few(items)) };
            items.push(item);
        }
        pass_over(seq)?;
        Ok(Few(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Few<T, N>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Few::default())
    }
}

/// The first [`MAX_TAGS`] names of an object, with what stands behind them; empty for what is
/// none.
#[derive(Clone, Debug, Default)]
pub(in crate::feed) struct Pairs<'a>(Vec<(Scalar<'a>, Scalar<'a>)>);

impl<'a> Pairs<'a> {
    pub fn as_slice(&self) -> &[(Scalar<'a>, Scalar<'a>)] {
        &self.0
    }
}

impl<'a> Lone<'a> for Pairs<'a> {}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Named)
    }
}

struct Named;

impl<'de> Visitor<'de> for Named {
    type Value = Pairs<'de>;

    lone_visits!();

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Pairs<'de>, A::Error> {
        pass_over(seq)?;
        Ok(Pairs::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
        let mut pairs = Vec::new();
        while pairs.len() < MAX_TAGS {
            let Some(pair) = map.next_entry()? else { return Ok(Pairs(pairs)) };
            pairs.push(pair);
        }
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    object! {
        Inner { name: Scalar<'a> = "name" }
    }
    object! {
        Outer {
            id: Scalar<'a> = "id",
            inner: Option<Inner<'a>> = "inner",
            some: Few<Scalar<'a>, 2> = "some",
        }
    }
    impl<'a> Lone<'a> for Inner<'a> {}
    impl<'a> Lone<'a> for Outer<'a> {}

    fn read(json: &str) -> Outer<'_> {
        serde_json::from_str(json).expect("it is JSON")
    }

    #[test]
    fn what_has_the_wrong_type_is_not_there() {
        for json in ["5", "null", "\"x\"", "[1,{}]", "{}", "true", "1.5", "{\"id\":null}"] {
            assert!(!read(json).id.is_there(), "{json}");
        }
        let odd = read(r#"{"id":{"a":[1,{"b":2}]},"inner":7,"some":{"a":1},"more":[[]]}"#);
        assert_eq!((&odd.id, odd.some.as_slice().len()), (&Scalar::Other, 0));
        assert!(odd.inner.is_some_and(|inner| !inner.name.is_there()));
    }

    #[test]
    fn the_last_of_a_key_counts_and_arrays_are_cut() {
        let found = read(r#"{"id":1,"id":18446744073709551615,"inner":{"name":"a"},"some":["x",2,{},4]}"#);
        assert_eq!((found.id.as_count(), found.id.as_whole()), (Some(u64::MAX), None));
        assert_eq!(found.some.as_slice(), [Scalar::Text("x".into()), Scalar::Whole(2)]);
        assert_eq!(found.inner.map(|inner| inner.name), Some(Scalar::Text("a".into())));
    }

    #[test]
    fn text_is_borrowed_where_it_stands_as_it_is() {
        let json = r#"{"id":"plain","inner":{"name":"esc\"aped"}}"#;
        let found = read(json);
        assert!(matches!(found.id, Scalar::Text(Cow::Borrowed("plain"))));
        assert!(
            matches!(found.inner.expect("it is there").name, Scalar::Text(Cow::Owned(name)) if name == "esc\"aped")
        );
    }
}
