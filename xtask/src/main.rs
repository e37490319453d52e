//! Everything that is not the product.
fn main() {}
