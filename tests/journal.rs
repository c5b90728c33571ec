//! What a journal holds to, on real files.

mod journal {
    pub mod basics;
    pub mod make;
}
