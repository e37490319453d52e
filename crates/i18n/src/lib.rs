//! What Contara says, in the language of whoever reads it: catalogues as gettext has them, which of them suits somebody, and messages
//! that are said when it is known to whom.

mod explained;
mod languages;
mod message;
pub mod po;
mod texts;

pub use explained::{Explained, with_causes};
pub use languages::Languages;
pub use message::{Catalogue, Message, Value, catalogue, find};
pub use texts::Texts;
