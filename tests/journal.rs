//! What a journal holds to, on real files.

mod journal {
    pub mod basics;
    pub mod damage;
    pub mod faults;
    pub mod kill;
    pub mod make;
    pub mod notes;
    pub mod recording;
    pub mod retention;
}
