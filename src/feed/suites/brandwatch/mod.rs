pub(super) mod decode;
