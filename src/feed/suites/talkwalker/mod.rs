pub(super) mod decode;
mod errors;
