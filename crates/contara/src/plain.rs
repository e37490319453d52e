//! Text of others, made fit for a terminal.

/// Text of modules and scripts as a terminal may have it: nothing in it can steer the terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|char| if char == '\t' { ' ' } else { char })
        .filter(|char| !char.is_control())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_steer_the_terminal() {
        assert_eq!(plain("a\x1b[31mb\tc\u{9b}2J\r\n\x07"), "a[31mb c2J");
    }
}
