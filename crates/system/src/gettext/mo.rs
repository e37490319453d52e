//! Catalogues as programs read them (the GNU gettext manual, "The Format of GNU MO Files").

use contara_i18n::po::Entry;

const MAGIC: u32 = 0x9504_12de;
const HEADER: usize = 28;

/// The compiled form. There is no hash table: programs look for a message by halves, as the originals are sorted.
pub(super) fn compile(entries: &[Entry]) -> Vec<u8> {
    let mut pairs: Vec<_> = entries
        .iter()
        .filter(|entry| entry.is_usable())
        .map(|entry| (entry.original(), entry.translation()))
        .collect();
    pairs.sort();
    let count = pairs.len();
    let (originals, translations): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let table = HEADER + 8 * count;
    let texts = table + 8 * count;
    let mut file = Vec::new();
    for number in [
        MAGIC,
        0,
        size(count),
        size(HEADER),
        size(table),
        0,
        size(texts),
    ] {
        file.extend(number.to_le_bytes());
    }
    let mut at = texts;
    for text in originals.iter().chain(&translations) {
        file.extend(size(text.len()).to_le_bytes());
        file.extend(size(at).to_le_bytes());
        at += text.len() + 1;
    }
    for text in originals.iter().chain(&translations) {
        file.extend_from_slice(text);
        file.push(0);
    }
    file
}

/// No catalogue has 4 GB.
fn size(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::process::Command;

    use super::*;
    use contara_i18n::po::read;

    /// Python reads it, as it does modules' catalogues.
    #[test]
    fn other_programs_find_every_message() {
        let messages = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=n > 1;\\n\"\n\
            msgid \"b\"\nmsgstr \"B é\"\nmsgid \"a\"\nmsgstr \"A\"\nmsgid \"%d x\"\nmsgid_plural \"%d xs\"\nmsgstr[0] \"%d y\"\nmsgstr[1] \"%d ys\"\n\
            msgctxt \"c\"\nmsgid \"a\"\nmsgstr \"C\"\n";
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("toy.mo");
        std::fs::write(&path, compile(&read(messages.as_bytes()).unwrap())).unwrap();
        let program = "import gettext,sys\nt=gettext.GNUTranslations(open(sys.argv[1],'rb'))\n\
            print(ascii([t.gettext('a'),t.gettext('b'),t.gettext('none'),t.ngettext('%d x','%d xs',5),t.pgettext('c','a')]))";
        let output = Command::new("python3")
            .args(["-c", program])
            .arg(path)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(text.trim(), r"['A', 'B \xe9', 'none', '%d ys', 'C']");
    }
}
