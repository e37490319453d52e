//! Every function of `modules/setup/functions.sh`, run by bash with stand-ins for the programs that change a machine.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use contara_system::script::ensure_functions;
use tempfile::TempDir;

/// A folder that stands for `/`, and programs that write down how they were called.
struct Toy(TempDir);

impl Toy {
    fn new() -> Self {
        let toy = Self(tempfile::tempdir().unwrap());
        ensure_functions(toy.root()).unwrap();
        for program in ["systemctl", "service", "chkconfig"] {
            toy.program(
                program,
                "echo \"$(basename $0) $*\"; [ \"${FAIL-}\" != yes ]",
            );
        }
        toy
    }

    /// With systemd at work.
    fn with_systemd() -> Self {
        let toy = Self::new();
        fs::create_dir_all(toy.root().join("run/systemd/system")).unwrap();
        toy
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, place: &str, content: &str) -> PathBuf {
        let path = self.root().join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.file(&format!("bin/{name}"), &format!("#!/bin/bash\n{script}\n"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn read(&self, place: &str) -> String {
        fs::read_to_string(self.root().join(place)).unwrap()
    }

    /// What a script prints that reads the functions, strictly, and its status.
    fn run(&self, script: &str) -> (String, i32) {
        let path = std::env::var("PATH").unwrap();
        let output = Command::new("bash")
            .args(["-euc", &format!("exec 2>&1; . ./functions.sh\n{script}")])
            .current_dir(self.root())
            .env("PATH", format!("{}/bin:{path}", self.root().display()))
            .env("CONTARA_SYSTEM_ROOT", self.root())
            .env("TMPDIR", self.root())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let text = text.replace(self.root().to_str().unwrap(), "ROOT");
        (text, output.status.code().unwrap())
    }

    #[track_caller]
    fn check(&self, script: &str, expected: &str) {
        assert_eq!(self.run(script), (expected.to_owned(), 0));
    }

    #[track_caller]
    fn fails(&self, script: &str, expected: &str) {
        assert_eq!(self.run(script), (expected.to_owned(), 1));
    }
}

#[test]
fn messages_begin_with_their_level() {
    let script = "info_b Done 'a  b'; info -n; warning '%s'; error no";
    Toy::new().check(script, "8Done a  b\n7-n\n1%s\n2no\n");
}

#[test]
fn check_root_names_the_machine() {
    let toy = Toy::new();
    toy.program("id", "echo 0");
    toy.program(
        "hostname",
        "case $1 in -s) echo nas;; -f) echo nas.example.org;; esac",
    );
    toy.check(
        "check_root; echo $HOST $DOMAIN $FQDN $SERVER",
        "nas example.org nas.example.org nas.example.org\n",
    );
    toy.program("hostname", "[ $1 = -s ] && echo nas");
    toy.check(
        "check_root; echo \"$HOST-$DOMAIN-$FQDN-$SERVER\"",
        "nas--nas-nas\n",
    );
    toy.program("id", "echo 1000");
    toy.fails(
        "check_root; echo on",
        "2This script has to be run as root.\n",
    );
}

#[test]
fn check_mmc_configured_reads_the_agents_settings() {
    let toy = Toy::new();
    let not_yet = "2The Mandriva Management Console has to be configured first.\n";
    toy.fails("check_mmc_configured; echo on", not_yet);
    let script = "check_mmc_configured; printf '%s\\n' \"$MDSSERVER\" \"$MDSSUFFIX\" \"$MDSPASS\" \"$MDSPASS_E\"";
    toy.file(
        "etc/mmc/plugins/base.ini",
        "[ldap]\nldapurl = ldap://10.0.0.1:389\nbaseDN = dc=example, dc=org \n# password = old\npassword = a/b&c = d\n[x]\npassword = other\n",
    );
    toy.check(
        script,
        "10.0.0.1\ndc=example,dc=org\na/b&c = d\na\\/b\\&c = d\n",
    );
    toy.file(
        "etc/mmc/plugins/base.ini",
        "host=ldap.example\nbaseDN=dc=a\n",
    );
    toy.check(script, "ldap.example\ndc=a\n\n\n");
}

#[test]
fn temporary_files_are_roots_own() {
    let toy = Toy::new();
    let (output, status) =
        toy.run("make_temp; stat -c %a $TMPFILE; [ $TEMP = $TMPFILE ]; cat $(make_temp)");
    assert_eq!((output.as_str(), status), ("600\n", 0));
}

#[test]
fn calc_suffix_makes_a_suffix_of_a_domain() {
    let script = "calc_suffix example.co.uk; echo $SUFFIX; echo $(calc_suffix a); DOMAIN=b.c; calc_suffix; echo $SUFFIX";
    Toy::new().check(script, "dc=example,dc=co,dc=uk\ndc=a\ndc=b,dc=c\n");
}

#[test]
fn backups_lie_beside_with_the_time() {
    let toy = Toy::new();
    toy.file("etc/a.conf", "a");
    toy.file("etc/b/c", "c");
    toy.program("date", "echo 20300101-101112");
    toy.check("mybackup etc/a.conf; echo new > etc/a.conf; mybackup etc/a.conf; backup etc/none etc/b/; ls etc",
        "a.conf\na.conf.20300101-101112\nb\nb.20300101-101112\n");
    assert_eq!(toy.read("etc/a.conf.20300101-101112"), "a");
    assert_eq!(toy.read("etc/b.20300101-101112/c"), "c");
}

#[test]
fn clean_database_moves_all_but_its_settings() {
    let toy = Toy::new();
    for name in ["DB_CONFIG", "id2entry.bdb", "__db.001", ".hidden"] {
        toy.file(&format!("var/lib/ldap/{name}"), "");
    }
    toy.check(
        "clean_database; ls -A var/lib/ldap; ls -A var/lib/ldap.*/; clean_database other",
        "DB_CONFIG\n.hidden\n__db.001\nid2entry.bdb\n",
    );
}

#[test]
fn mysql_is_asked_as_root() {
    let toy = Toy::new();
    // Lets in who has the password on disk.
    toy.program("mysql", "config=${1#--defaults-file=}; stat -c %a \"$config\"; grep -qxF \"password='$(cat right)'\" \"$config\" && cat");
    toy.file("right", "it\\'s\\\\");
    let script = "mysql_prepare; mysql_get_root_password \"it's\\\\\" && echo \"$hadpass\"; mysql_do_query 'SELECT 1;'; mysql_cleanup; ls setup.* 2>/dev/null || echo \"clean$rootpass\"";
    toy.check(script, "1\n600\nSELECT 1;\nclean\n");
    toy.file("right", "");
    toy.check(
        "mysql_prepare; mysql_get_root_password secret; echo \"$hadpass$rootpass\"; mysql_cleanup",
        "0\n",
    );
    toy.file("right", "other");
    toy.fails(
        "mysql_prepare; mysql_get_root_password secret",
        "2MySQL doesn't let root in with this password.\n",
    );
    toy.check("mysql_basic_single_escape \"a'b\\\\c\"", "a\\'b\\\\c\n");
}

#[test]
fn services_are_run_by_systemd_where_it_runs() {
    let toy = Toy::with_systemd();
    toy.check(
        "restart_service smb log; stop_service smb; enable_service smb; disable_service smb",
        "systemctl restart smb\n0The service smb was restarted.\nsystemctl stop smb\n0The service smb was stopped.\n\
         systemctl enable smb\nsystemctl disable smb\n",
    );
}

#[test]
fn services_have_scripts_elsewhere() {
    Toy::new().check(
        "restart_service smb log; stop_service smb; enable_service smb; disable_service smb",
        "service smb restart\n0The service smb was restarted.\nservice smb stop\n0The service smb was stopped.\n\
         chkconfig smb on\nchkconfig smb off\n",
    );
}

#[test]
fn a_service_that_fails_ends_the_script() {
    let toy = Toy::with_systemd();
    toy.file(
        "smb.log",
        &(1..=12)
            .map(|number| format!("{number} line\n"))
            .collect::<String>(),
    );
    let tail: String = (3..=12).map(|number| format!("0{number} line\n")).collect();
    toy.fails(
        "export FAIL=yes; restart_service smb smb.log; echo on",
        &format!(
            "systemctl restart smb\n2The service smb could not be restarted. See smb.log.\n{tail}"
        ),
    );
    toy.fails(
        "export FAIL=yes; stop_service smb; echo on",
        "systemctl stop smb\n2The service smb could not be stopped.\n",
    );
    toy.fails(
        "export FAIL=yes; enable_service smb; echo on",
        "systemctl enable smb\n",
    );
}

#[test]
fn escape_sed_lets_any_text_be_a_replacement() {
    let toy = Toy::new();
    let text = r"a/b\c&d|$e";
    toy.check(
        &format!("text='{text}'; echo x | sed \"s/x/$(escape_sed \"$text\")/\""),
        &format!("{text}\n"),
    );
    toy.check(
        &format!("printf '%s\\n' '{text}' | escape_sed"),
        "a\\/b\\\\c\\&d|$e\n",
    );
}

#[test]
fn a_schema_is_added_once_after_the_others() {
    let toy = Toy::new();
    toy.file("my.schema", "schema");
    let missing =
        "2The directory server has no ROOT/etc/ldap/slapd.conf that a schema could be added to.\n";
    toy.fails("add_schema my.schema", missing);
    toy.file(
        "etc/openldap/slapd.conf",
        "# head\ninclude /a/core.schema\ninclude /a/b.schema\ndatabase mdb\n",
    );
    toy.check("add_schema my.schema; add_schema ./my.schema; cat etc/openldap/slapd.conf etc/openldap/schema/my.schema",
        "# head\ninclude /a/core.schema\ninclude /a/b.schema\ninclude ROOT/etc/openldap/schema/my.schema\ndatabase mdb\nschema");
    toy.file("etc/openldap/slapd.conf", "database mdb\n");
    toy.check(
        "add_schema etc/openldap/schema/my.schema; cat etc/openldap/slapd.conf; ls etc/openldap",
        "include ROOT/etc/openldap/schema/my.schema\ndatabase mdb\nschema\nslapd.conf\n",
    );
}

#[test]
fn https_redirect_adds_its_rule_once() {
    let toy = Toy::new();
    toy.file("etc/httpd/conf.d/mmc.conf", "Alias /mmc /usr/share/mmc\n");
    toy.check("https_redirect mmc etc/httpd/conf.d/mmc.conf; https_redirect /mmc etc/httpd/conf.d/mmc.conf; grep -c Rewrite etc/httpd/conf.d/mmc.conf; grep Rule etc/httpd/conf.d/mmc.conf",
        "3\n    RewriteRule ^/mmc(.*)$ https://%{SERVER_NAME}/mmc$1 [R,L]\n");
    toy.check(
        "https_redirect a/b; ls etc/httpd/conf.d",
        "a-b-https.conf\nmmc.conf\n",
    );
}

#[test]
fn handle64bits_changes_paths_where_there_are_others() {
    let toy = Toy::new();
    toy.program("uname", "echo x86_64");
    toy.file("slapd.conf", "modulepath /usr/lib/openldap:/usr/lib64/x\n");
    toy.check(
        "handle64bits slapd.conf; cat slapd.conf",
        "modulepath /usr/lib/openldap:/usr/lib64/x\n",
    );
    fs::create_dir_all(toy.root().join("usr/lib64")).unwrap();
    toy.check(
        "handle64bits slapd.conf; handle64bits slapd.conf; cat slapd.conf",
        "modulepath /usr/lib64/openldap:/usr/lib64/x\n",
    );
    toy.file("slapd.conf", "/usr/lib/\n");
    toy.program("uname", "echo i686");
    toy.check("handle64bits slapd.conf; cat slapd.conf", "/usr/lib/\n");
}

#[test]
fn replace_takes_texts_as_they_are() {
    let toy = Toy::new();
    toy.file("a", "x.*x [a] x.*x\nxyx\n\n");
    toy.file("b", "no feed x.*x");
    toy.check(
        "replace 'x.*x' '&\\1/$y' -- a b; cat a b",
        "&\\1/$y [a] &\\1/$y\nxyx\n\nno feed &\\1/$y",
    );
    toy.check(
        "replace '[a]' '' a; replace '' z a; cat a",
        "&\\1/$y  &\\1/$y\nxyx\n\n",
    );
}

#[test]
fn passwords_are_of_letters_and_digits() {
    let toy = Toy::new();
    let (output, status) = toy.run("randpass; randpass 40 0; randpass 300");
    let lengths: Vec<_> = output.lines().map(str::len).collect();
    assert_eq!((lengths, status), (vec![16, 40, 300], 0));
    assert!(output.lines().all(|line| {
        line.chars()
            .all(|character| character.is_ascii_alphanumeric())
    }));
    assert_ne!(toy.run("randpass").0, toy.run("randpass").0);
}

#[test]
fn nothing_is_said_by_reading_them() {
    Toy::new().check("", "");
}

#[test]
fn a_block_is_put_into_a_file_and_its_other_lines_stay() {
    let toy = Toy::new();
    toy.file("f.conf", "one\ntwo\n");
    let put =
        "put_block f.conf <<< $'a\\nb'; echo $PUT; put_block f.conf first <<< $'a\\nb'; echo $PUT";
    toy.check(put, "changed\nsame\n");
    let put = toy.read("f.conf");
    assert!(put.starts_with("one\ntwo\n# BEGIN Contara "), "{put}");
    assert!(put.ends_with("\na\nb\n# END Contara\n"), "{put}");
    toy.check(
        "echo three >>f.conf; put_block f.conf <<< c; echo $PUT",
        "changed\n",
    );
    let put = toy.read("f.conf");
    assert!(put.starts_with("one\ntwo\n# BEGIN Contara "), "{put}");
    assert!(put.ends_with("\nc\n# END Contara\nthree\n"), "{put}");
    toy.check("put_block new.conf first <<< $'a'; echo end >>new.conf; put_block new.conf <<< b; echo $PUT", "changed\n");
    assert!(toy.read("new.conf").ends_with("\nb\n# END Contara\nend\n"));
}

#[test]
fn a_block_that_was_changed_by_hand_is_kept_and_that_is_said() {
    let toy = Toy::new();
    toy.check("put_block f.conf <<< a; sed -i s/^a/mine/ f.conf", "");
    let by_hand = toy.read("f.conf");
    let (said, status) = toy.run("put_block f.conf <<< b; echo $PUT");
    assert_eq!(status, 0, "{said}");
    let warning = "1f.conf was changed by hand and is kept as it is. What Contara would write is in f.conf.contara-new.\n";
    assert!(said.starts_with(warning), "{said}");
    assert!(
        said.contains("\n0-mine\n") && said.contains("\n0+b\n"),
        "{said}"
    );
    assert!(said.ends_with("kept\n"), "{said}");
    assert_eq!(toy.read("f.conf"), by_hand);
    toy.check(
        "mv f.conf.contara-new f.conf; put_block f.conf <<< c; echo $PUT",
        "changed\n",
    );
    let edited = "sed -i s/^c/mine/ f.conf; put_block f.conf <<< b >/dev/null; put_block f.conf <<< mine; echo $PUT";
    toy.check(edited, "same\n");
    assert!(!toy.root().join("f.conf.contara-new").exists());
}
