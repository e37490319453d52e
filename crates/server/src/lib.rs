//! REST, stream, sign-in and the embedded web client.
