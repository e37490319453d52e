//! Plans as they come out of facts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use contara_i18n::Message;
use contara_manifest::{FieldSpec, PackageFamily, PackageSet, Port, Repository, SetupManifest};

use super::{
    Contact, MachineFacts, Plan, PlanInputs, PlanModule, PortUse, Resolution, Resolved, make,
    wanted,
};
use crate::form::{Form, FormField, Value};
use crate::hooks::Script;
use crate::transaction::StepState;

fn manifest(slug: &str) -> SetupManifest {
    SetupManifest {
        slug: slug.into(),
        name: slug.to_uppercase(),
        ..SetupManifest::default()
    }
}

fn set(family: PackageFamily, architecture: &str, names: &[&str]) -> PackageSet {
    PackageSet {
        architecture: architecture.into(),
        family,
        names: names.iter().map(|&name| name.to_owned()).collect(),
    }
}

fn module(manifest: SetupManifest) -> PlanModule {
    PlanModule {
        manifest: Arc::new(manifest),
        fingerprint: 1,
        is_configured: false,
        form: None,
        script: None,
        failure: None,
    }
}

fn script() -> Option<Script> {
    Some(Script {
        path: "setup.sh".into(),
        params: vec!["a".into()],
    })
}

/// A machine with apt on which nothing is wrong.
fn inputs(modules: Vec<PlanModule>) -> PlanInputs {
    let order = modules.iter().map(|module| Resolved {
        slug: module.manifest.slug.clone(),
        is_dependency: false,
        needed_by: Vec::new(),
    });
    let mut inputs = PlanInputs {
        resolution: Resolution {
            order: order.collect(),
            ..Resolution::default()
        },
        modules: BTreeMap::new(),
        packages: super::PackageFacts {
            manager: "apt".into(),
            family: Some(PackageFamily::Deb),
            ..super::PackageFacts::default()
        },
        machine: MachineFacts {
            architecture: "x86_64".into(),
            is_root: true,
            has_network: Some(true),
            free_disk: Some(1_000_000_000),
            later_than_now: None,
            ports: Vec::new(),
        },
    };
    let named = modules
        .into_iter()
        .map(|module| (module.manifest.slug.clone(), module));
    inputs.modules = named.collect();
    inputs
}

fn states(plan: &Plan) -> String {
    let state = |state| if state == StepState::Todo { 'T' } else { '-' };
    plan.steps.iter().map(|step| state(step.state)).collect()
}

fn kinds(remarks: &[super::Remark]) -> Vec<&str> {
    remarks.iter().map(|remark| remark.kind).collect()
}

fn with_packages() -> PlanModule {
    module(SetupManifest {
        packages: vec![
            set(PackageFamily::Deb, "all", &["slapd", "ldap-utils", "slapd"]),
            set(PackageFamily::Deb, "i586", &["lib32"]),
            set(PackageFamily::Deb, "amd64", &["lib64"]),
            set(PackageFamily::Rpm, "all", &["openldap"]),
        ],
        ..manifest("ldap")
    })
}

#[test]
fn steps_have_something_to_do_only_if_a_module_needs_it() {
    let plan = make(&inputs(vec![module(manifest("bare"))]));
    assert_eq!(states(&plan), "-----T");
    let scripted = PlanModule {
        script: script(),
        ..module(manifest("scripted"))
    };
    let plan = make(&inputs(vec![scripted, module(manifest("bare"))]));
    assert_eq!(states(&plan), "----TT");
    assert_eq!(plan.steps[4].text.to_string(), "Runs 1 script.");
    assert_eq!(plan.modules[0].script.as_deref(), Some("setup.sh"));
    let mut facts = inputs(vec![with_packages()]);
    facts.packages.changes.install = vec!["slapd".into(), "lib64".into(), "more".into()];
    let plan = make(&facts);
    assert_eq!(
        (
            states(&plan).as_str(),
            plan.steps[3].text.to_string().as_str()
        ),
        ("---T-T", "Installs 3 packages with apt.")
    );
    assert_eq!(
        plan.packages.wanted["ldap"],
        ["slapd", "ldap-utils", "lib64"]
    );
    facts.packages.changes.install.clear();
    facts.packages.installed = ["slapd", "ldap-utils", "lib64", "other"]
        .map(str::to_owned)
        .into();
    let plan = make(&facts);
    assert_eq!(
        (
            states(&plan).as_str(),
            plan.steps[3].text.to_string().as_str()
        ),
        ("-----T", "All packages are installed already.")
    );
    assert_eq!(plan.packages.present, ["ldap-utils", "lib64", "slapd"]);
}

#[test]
fn what_is_asked_counts_for_the_step() {
    let field = FormField {
        spec: FieldSpec {
            name: Some("f".into()),
            ..FieldSpec::default()
        },
        value: Value::Text(String::new()),
        is_set: false,
        secret: None,
        is_required: false,
        is_read_only: false,
        is_hidden: false,
    };
    let form = Form {
        slug: "it".into(),
        name: "It".into(),
        fields: vec![field],
        problems: vec![Message::verbatim("get_x() failed: KeyError: 'x'")],
        secrets: Vec::new(),
    };
    let asking = PlanModule {
        form: Some(form),
        script: script(),
        ..module(manifest("it"))
    };
    let plan = make(&inputs(vec![asking]));
    assert_eq!(
        plan.steps[4].text.to_string(),
        "Asks what the modules need to know, and runs 1 script."
    );
    assert_eq!(kinds(&plan.warnings), ["hook_failed"]);
    assert_eq!(
        plan.warnings[0].message.to_string(),
        "it: get_x() failed: KeyError: 'x'"
    );
}

#[test]
fn names_of_architectures_are_one() {
    let manifest = with_packages().manifest;
    for (architecture, expected) in [("x86_64", "lib64"), ("i686", "lib32"), ("i386", "lib32")] {
        let names = wanted(&manifest, Some(PackageFamily::Deb), architecture);
        assert_eq!(names, ["slapd", "ldap-utils", expected]);
    }
    assert_eq!(
        wanted(&manifest, Some(PackageFamily::Rpm), "aarch64"),
        ["openldap"]
    );
    assert!(wanted(&manifest, None, "x86_64").is_empty());
}

#[test]
fn what_cannot_work_here_is_a_problem() {
    let rpm = || {
        module(SetupManifest {
            packages: vec![set(PackageFamily::Rpm, "all", &["openldap"])],
            min_disk: Some(2_000_000_000),
            ..manifest("rpm")
        })
    };
    let mut facts = inputs(vec![rpm()]);
    let plan = make(&facts);
    assert_eq!(
        kinds(&plan.problems),
        ["no_packages_for_this_system", "disk_full"]
    );
    assert_eq!(
        plan.problems[1].message.to_string(),
        "2000 MB of disk are needed, and 1000 MB are free."
    );
    facts.machine.free_disk = None;
    facts.packages.manager = "none".into();
    facts.packages.family = None;
    let plan = make(&facts);
    assert_eq!(
        (kinds(&plan.problems), kinds(&plan.warnings)),
        (vec![], vec!["packages_skipped"])
    );
    facts.machine.is_root = false;
    assert_eq!(kinds(&make(&facts).problems), ["not_root"]);

    let mut facts = inputs(vec![with_packages()]);
    facts.packages.changes.unknown = vec!["lib64".into()];
    facts.machine.has_network = Some(false);
    let plan = make(&facts);
    assert_eq!(kinds(&plan.problems), ["package_unknown"]);
    assert_eq!(
        (
            plan.problems[0].modules.as_slice(),
            plan.problems[0].message.to_string().as_str()
        ),
        (["ldap".to_owned()].as_slice(), "apt doesn't know lib64.")
    );
    facts.packages.changes.unknown.clear();
    facts.packages.changes.install = vec!["lib64".into()];
    facts.packages.changes.remove = vec!["old".into()];
    facts.packages.changes.refusal = Some("held packages".into());
    let plan = make(&facts);
    assert_eq!(kinds(&plan.problems), ["packages_refused", "no_network"]);
    facts.machine.later_than_now = Some(SystemTime::UNIX_EPOCH + Duration::from_secs(86_400));
    let plan = make(&facts);
    assert_eq!(kinds(&plan.warnings), ["clock_behind", "packages_removed"]);
    assert!(
        plan.warnings[0].message.to_string().contains("1970-01-02"),
        "{plan:?}"
    );

    let failed = PlanModule {
        failure: Some(Message::verbatim(
            "the module's __init__.py can't be loaded: SyntaxError",
        )),
        ..module(manifest("bad"))
    };
    assert_eq!(
        kinds(&make(&inputs(vec![failed])).problems),
        ["hook_failed"]
    );
}

/// A download of `lib64` from one mirror, while another one answers or not.
fn downloading(answers: &[(&str, bool)]) -> PlanInputs {
    let mut facts = inputs(vec![with_packages()]);
    facts.packages.changes.install = vec!["lib64".into()];
    facts.packages.changes.sources = ["http://mirror".to_owned()].into();
    facts.packages.contacts = contacts(answers);
    facts
}

fn contacts(answers: &[(&str, bool)]) -> BTreeMap<String, Contact> {
    let contact = |(name, answers): &(&str, bool)| {
        let who = format!("{name}:80");
        let answers = *answers;
        let contact = Contact {
            who,
            is_folder: false,
            answers,
        };
        (format!("http://{name}"), contact)
    };
    answers.iter().map(contact).collect()
}

#[test]
fn where_nobody_answers_is_told_before_anything_starts() {
    let told = |facts: &PlanInputs| {
        let plan = make(facts);
        let texts = |remarks: &[super::Remark]| {
            let texts = remarks.iter().map(|remark| remark.message.to_string());
            texts.collect::<Vec<_>>().join(" ")
        };
        (texts(&plan.problems), texts(&plan.warnings))
    };
    let fine = downloading(&[("mirror", true), ("other", true)]);
    assert_eq!(told(&fine), (String::new(), String::new()));
    let silent = "Packages have to be downloaded, and nobody answers at mirror:80.";
    let gone = downloading(&[("mirror", false), ("other", true)]);
    assert_eq!(told(&gone), (silent.to_owned(), String::new()));
    let other = "Nobody answers at other:80, where repositories of this machine are.";
    let less = downloading(&[("mirror", true), ("other", false)]);
    assert_eq!(told(&less), (String::new(), other.to_owned()));
    let mut unknown = downloading(&[("mirror", true), ("other", false)]);
    unknown.packages.changes.sources.clear();
    assert_eq!(told(&unknown), (String::new(), other.to_owned()));
    let nobody = downloading(&[]);
    assert_eq!(told(&nobody), (String::new(), String::new()));
}

#[test]
fn a_machine_that_is_cut_off_can_have_what_is_near() {
    let kinds_of = |mut facts: PlanInputs| {
        facts.machine.has_network = Some(false);
        let plan = make(&facts);
        [
            kinds(&plan.problems).join(" "),
            kinds(&plan.warnings).join(" "),
        ]
    };
    let near = downloading(&[("mirror", true)]);
    assert_eq!(kinds_of(near), ["", ""]);
    let far = downloading(&[("mirror", false)]);
    assert_eq!(kinds_of(far), ["no_network", ""]);
    let mut here = downloading(&[]);
    here.packages.changes.download_bytes = Some(0);
    assert_eq!(kinds_of(here), ["", ""]);
}

#[test]
fn a_repository_that_would_be_added_and_cant_be_reached_is_told() {
    let repository = Repository {
        slug: "far".into(),
        name: "Far".into(),
        url: "http://far".into(),
        ..Repository::default()
    };
    let mut facts = inputs(vec![module(SetupManifest {
        repositories: vec![repository],
        ..manifest("mirrored")
    })]);
    facts.packages.repositories.can_add = true;
    facts.packages.contacts = contacts(&[("far", false)]);
    let plan = make(&facts);
    assert_eq!(kinds(&plan.problems), [""; 0]);
    assert_eq!(kinds(&plan.warnings), ["repository_unreachable"]);
    assert_eq!(plan.warnings[0].modules, ["mirrored"]);
    assert_eq!(
        plan.warnings[0].message.to_string(),
        "The repository Far can't be reached: nobody answers at far:80."
    );
}

#[test]
fn a_login_that_the_package_manager_cant_keep_isnt_even_asked_for() {
    let repository = Repository {
        is_restricted: true,
        ..Repository::default()
    };
    let mut facts = inputs(vec![module(SetupManifest {
        repositories: vec![repository],
        ..manifest("mirrored")
    })]);
    facts.packages.repositories.can_add = true;
    assert_eq!(kinds(&make(&facts).problems), ["login_not_kept"]);
    facts.packages.repositories.keeps_logins = true;
    assert_eq!(kinds(&make(&facts).problems), [""; 0]);
}

/// Plans that say everything that plans can say.
#[test]
fn every_remark_says_what_to_do() {
    let mut much = inputs(vec![
        with_packages(),
        module(SetupManifest {
            packages: vec![set(PackageFamily::Rpm, "all", &["openldap"])],
            min_disk: Some(u64::MAX),
            ports: vec![Port {
                number: 53,
                is_udp: false,
            }],
            repositories: vec![Repository {
                is_restricted: true,
                ..Repository::default()
            }],
            reboot: true,
            ..manifest("rpm")
        }),
        PlanModule {
            failure: Some(Message::verbatim("SyntaxError")),
            form: Some(Form {
                slug: "bad".into(),
                name: "Bad".into(),
                fields: Vec::new(),
                problems: vec![Message::verbatim("get_x() failed")],
                secrets: Vec::new(),
            }),
            ..module(manifest("bad"))
        },
    ]);
    much.machine.is_root = false;
    much.machine.has_network = Some(false);
    much.machine.later_than_now = Some(SystemTime::UNIX_EPOCH);
    much.machine.ports = vec![PortUse {
        number: 53,
        is_udp: false,
        by: "dnsmasq".into(),
    }];
    let changes = &mut much.packages.changes;
    changes.install = vec!["lib64".into()];
    changes.remove = vec!["old".into()];
    changes.unknown = vec!["slapd".into()];
    changes.refusal = Some("held packages".into());
    let mut adding = downloading(&[("mirror", false), ("other", false), ("", false)]);
    adding.modules = much.modules.clone();
    adding.resolution = much.resolution.clone();
    adding.packages.repositories.can_add = true;
    adding.packages.changes.unknown = vec!["slapd".into()];
    let mut skipping = much.clone();
    skipping.packages.family = None;
    let own = downloading(&[("mirror", true), ("other", false)]);
    let plans = [much, adding, skipping, own].map(|facts| make(&facts));
    let mut told = BTreeMap::new();
    for plan in &plans {
        for (remarks, sort) in [(&plan.problems, "problem"), (&plan.warnings, "warning")] {
            for remark in remarks {
                assert!(remark.help.is_some(), "{remark:?}");
                told.insert((sort, remark.kind), ());
            }
        }
    }
    let told: Vec<_> = told
        .into_keys()
        .map(|(sort, kind)| format!("{sort} {kind}"))
        .collect();
    assert_eq!(
        told,
        [
            "problem disk_full",
            "problem hook_failed",
            "problem login_not_kept",
            "problem no_network",
            "problem no_packages_for_this_system",
            "problem not_root",
            "problem package_unknown",
            "problem packages_refused",
            "problem repository_unreachable",
            "warning clock_behind",
            "warning hook_failed",
            "warning package_unknown",
            "warning packages_removed",
            "warning packages_skipped",
            "warning port_in_use",
            "warning reboot",
            "warning repositories_skipped",
            "warning repository_unreachable",
        ]
    );
}

#[test]
fn ports_services_repositories_and_a_restart_are_told() {
    let full = |is_configured| PlanModule {
        is_configured,
        ..module(SetupManifest {
            services: vec!["named.service".into()],
            ports: vec![
                Port {
                    number: 53,
                    is_udp: true,
                },
                Port {
                    number: 53,
                    is_udp: false,
                },
            ],
            repositories: vec![Repository {
                slug: "repo".into(),
                url: "http://mirror/@ARCH@/@ARCH@".into(),
                is_restricted: true,
                ..Repository::default()
            }],
            reboot: true,
            ..manifest("dns")
        })
    };
    let mut facts = inputs(vec![full(false)]);
    facts.machine.architecture = "i686".into();
    facts.machine.ports = vec![PortUse {
        number: 53,
        is_udp: true,
        by: "dnsmasq (process 7)".into(),
    }];
    let plan = make(&facts);
    assert_eq!(
        kinds(&plan.warnings),
        ["repositories_skipped", "port_in_use", "reboot"]
    );
    assert_eq!(
        plan.warnings[1].message.to_string(),
        "dns needs port 53 (udp), which dnsmasq (process 7) has."
    );
    assert_eq!(plan.repositories[0].url, "http://mirror/i586/i586");
    assert_eq!(
        (plan.services[0].name.as_str(), plan.reboot),
        ("named.service", true)
    );
    assert_eq!(states(&plan), "-----T");
    assert!(
        plan.steps[2]
            .text
            .to_string()
            .contains("can't add repositories")
    );
    facts.modules.insert("dns".into(), full(true));
    assert_eq!(
        kinds(&make(&facts).warnings),
        ["repositories_skipped", "reboot"]
    );
}

#[test]
fn repositories_that_arent_there_are_added() {
    let repository = |slug: &str| Repository {
        slug: slug.into(),
        name: slug.to_uppercase(),
        url: format!("http://mirror/{slug}/@ARCH@"),
        is_restricted: slug == "closed",
        ..Repository::default()
    };
    let mut facts = inputs(vec![module(SetupManifest {
        repositories: ["open", "closed"].map(repository).into(),
        packages: vec![set(PackageFamily::Deb, "all", &["new"])],
        ..manifest("mirrored")
    })]);
    facts.packages.repositories.can_add = true;
    facts.packages.repositories.keeps_logins = true;
    facts.packages.changes.unknown = vec!["new".into()];
    let plan = make(&facts);
    assert_eq!(states(&plan), "-TTT-T");
    assert_eq!(
        (
            plan.steps[1].text.to_string().as_str(),
            plan.steps[2].text.to_string().as_str()
        ),
        (
            "Asks for the login and the password of a repository.",
            "Adds OPEN and CLOSED."
        )
    );
    assert_eq!(kinds(&plan.problems), [""; 0]);
    assert_eq!(kinds(&plan.warnings), ["package_unknown"]);
    let help = plan.warnings[0].help.as_ref().unwrap().to_string();
    assert!(help.contains("repositories that are added first"), "{help}");
    let urls = ["open", "closed"].map(|slug| format!("http://mirror/{slug}/x86_64"));
    facts.packages.repositories.known = [urls[1].clone()].into();
    assert_eq!(states(&make(&facts)), "--TT-T");
    facts.packages.repositories.known = urls.into();
    let plan = make(&facts);
    assert_eq!(
        plan.steps[2].text.to_string(),
        "All repositories are there already."
    );
    assert_eq!(kinds(&plan.problems), ["package_unknown"]);
}

#[test]
fn the_digest_changes_with_what_is_done_and_with_nothing_else() {
    let facts = inputs(vec![with_packages()]);
    let digest = make(&facts).digest;
    assert_eq!((digest.len(), &digest), (64, &make(&facts.clone()).digest));
    let mut same = facts.clone();
    same.machine.free_disk = None;
    same.packages.changes.download_bytes = Some(1);
    assert_eq!(make(&same).digest, digest);
    let changes: [fn(&mut PlanInputs); 5] = [
        |facts| facts.packages.changes.install.push("x".into()),
        |facts| facts.packages.changes.remove.push("x".into()),
        |facts| facts.modules.get_mut("ldap").unwrap().fingerprint = 2,
        |facts| facts.modules.get_mut("ldap").unwrap().script = script(),
        |facts| facts.packages.family = None,
    ];
    for change in changes {
        let mut other = facts.clone();
        change(&mut other);
        assert_ne!(make(&other).digest, digest);
    }
}
