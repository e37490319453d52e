//! The UI tree that a module describes, checked and kept as MessagePack.
