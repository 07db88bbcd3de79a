//! Files as people really bring them: empty, binary, broken off, in another encoding, with other separators. Every command says where and what to do,
//! and none panics.

use crate::{HERE, folder, run};

fn example(name: &str) -> Vec<u8> {
    std::fs::read(format!("{HERE}/../../examples/plain-text/{name}")).unwrap()
}

/// A sound text broken in every way that people meet.
fn broken(sound: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let replaced =
        |from: u8, to: &[u8]| -> Vec<u8> { sound.iter().flat_map(|b| if *b == from { to.to_vec() } else { vec![*b] }).collect() };
    let text = std::str::from_utf8(sound).unwrap();
    let long = [b"\n".to_vec(), vec![b'x'; 2_000_000], b"\n".to_vec()].concat();
    vec![
        ("empty", Vec::new()),
        ("blank", b" \n\n".to_vec()),
        ("binary", (0..=255).cycle().take(4096).collect()),
        ("nul", replaced(b'\n', b"\0\n")),
        ("broken-off", sound[..sound.len() / 2].to_vec()),
        ("utf-16", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("latin-1", [sound, b"# gr\xfc\xdfe\n"].concat()),
        ("long-line", [&long[..], sound, &long[..]].concat()),
        ("crlf", replaced(b'\n', b"\r\n")),
        ("cr", replaced(b'\n', b"\r")),
        ("bom", [b"\xef\xbb\xbf", sound].concat()),
        ("semicolons", replaced(b',', b";")),
        ("tabs", replaced(b',', b"\t")),
        ("html", b"<html><body>404 Not Found</body></html>\n".to_vec()),
        ("workbook", [&b"PK\x03\x04"[..], &[0; 200]].concat()),
        ("gzip", [&b"\x1f\x8b\x08"[..], &[0; 200]].concat()),
    ]
}

/// Runs a command on every broken file and looks at what it says.
fn all(name: &str, file: &str, sound: &[u8], args: &[&'static str]) -> Vec<(&'static str, i32, String)> {
    let mut told = Vec::new();
    for (how, bytes) in broken(sound) {
        let folder = folder(&format!("broken-{name}-{how}"));
        for other in ["patients.csv", "events.csv"] {
            std::fs::write(folder.join(other), example(other)).unwrap();
        }
        std::fs::write(folder.join(file), &bytes).unwrap();
        let (input, path) = (folder.to_str().unwrap(), folder.join(file));
        let named = |word: &'static str| match word {
            "FOLDER" => input.to_owned(),
            "FILE" => path.to_str().unwrap().to_owned(),
            _ => word.to_owned(),
        };
        let args: Vec<String> = args.iter().copied().map(named).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let (status, out, message) = run(&args);
        assert!([0, 2, 3, 4].contains(&status) && !message.contains("panicked"), "{args:?}: {status} {message}");
        if status == 0 {
            continue;
        }
        assert!(out.is_empty() || args[0] == "protocol", "{args:?} printed {out}");
        assert!(message.lines().all(|line| line.len() < 8_000), "{args:?}: a line of {} bytes", message.len());
        assert!(message.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()), "{args:?}: {message:?}");
        let says_where = message.contains(file) || out.contains(file) || message.contains(input);
        assert!(says_where, "{args:?} does not say where: {message}");
        told.push((how, status, message));
    }
    told
}

fn says(told: &[(&str, i32, String)], how: &str, status: i32, parts: &[&str]) {
    let found = told.iter().find(|(h, ..)| *h == how).unwrap_or_else(|| panic!("{how} was taken"));
    assert_eq!(found.1, status, "{found:?}");
    for part in parts {
        assert!(found.2.contains(part), "{part:?} is not in {}", found.2);
    }
}

#[test]
fn tables_of_every_broken_kind_are_refused_or_read_with_a_ledger() {
    for (file, name) in [("events.csv", "events"), ("patients.csv", "patients")] {
        let told = all(name, file, &example(file), &["grade", "FOLDER"]);
        says(&told, "empty", 3, &["the file is empty", "its first line must name the columns"]);
        says(&told, "workbook", 3, &["a workbook or an archive", "CSV UTF-8"]);
        says(&told, "gzip", 3, &["compressed", "unpack it"]);
        says(&told, "utf-16", 3, &["UTF-16", "save it again as UTF-8"]);
        says(&told, "binary", 3, &["bytes that no text has", "give a text in UTF-8"]);
        says(&told, "semicolons", 3, &["separated by semicolons", "comma-separated CSV"]);
        says(&told, "tabs", 3, &["separated by tabs"]);
        says(&told, "cr", 3, &["carriage return", "LF or CRLF"]);
        says(&told, "html", 3, &["line 1, the header, has no column \"patient\""]);
        for taken in ["crlf", "bom", "latin-1"] {
            assert!(told.iter().all(|(how, ..)| *how != taken), "{taken}: {told:?}");
        }
    }
    let line: [(&str, &[&'static str]); 6] = [
        ("explain", &["explain", "FOLDER", "--patient", "p7"]),
        ("scores", &["scores", "FOLDER"]),
        ("advise", &["advise", "FOLDER", "--protocol", "asco-2021"]),
        ("adherence", &["cohort", "adherence", "FOLDER", "--protocol", "asco-2021"]),
        ("concordance", &["cohort", "concordance", "FOLDER"]),
        ("infusions", &["grade", "FOLDER", "--infusions", "FILE"]),
    ];
    for (name, args) in line {
        let (file, sound) = if name == "infusions" {
            ("infusions.csv", b"patient,infusion_time\np7,2024-05-06T10:30:00Z\n".to_vec())
        } else {
            ("events.csv", example("events.csv"))
        };
        says(&all(name, file, &sound, args), "workbook", 3, &[file, "CSV UTF-8"]);
    }
}

#[test]
fn settings_of_every_broken_kind_are_refused() {
    let policy = b"name = \"ours\"\nfever_threshold = 38.5\n";
    let options = b"name = \"ours\"\nscore_hours = 12.0\n";
    let commands: [(&str, &str, &[u8], &[&'static str]); 4] = [
        ("policy", "--policy", policy, &["grade", "FOLDER", "--policy", "FILE"]),
        ("companion", "--companion-options", options, &["grade", "FOLDER", "--companion-options", "FILE"]),
        ("score", "--options", b"laboratory_hours = 24.0\n", &["scores", "FOLDER", "--options", "FILE"]),
        ("advice", "--policy", policy, &["advise", "FOLDER", "--protocol", "asco-2021", "--policy", "FILE"]),
    ];
    for (name, option, sound, args) in commands {
        let told = all(name, "ours.toml", sound, args);
        // A file that came out empty would change nothing, and nobody would know.
        says(&told, "empty", 2, &[option, "would change nothing", "check the file"]);
        says(&told, "blank", 2, &["would change nothing"]);
        says(&told, "latin-1", 3, &["no text in UTF-8", "save it again as UTF-8"]);
        says(&told, "gzip", 3, &["no text in UTF-8"]);
        says(&told, "long-line", 2, &["line 2", "…"]);
        says(&told, "html", 2, &["not valid", "line 1"]);
        assert!(told.iter().all(|(how, ..)| !["crlf", "bom"].contains(how)), "{told:?}");
    }
}

#[test]
fn plans_of_every_broken_kind_are_refused_at_their_line() {
    let plan = std::fs::read_to_string(format!("{HERE}/../../knowledge/protocols/sitc-2020.toml")).unwrap().replace("sitc-2020", "ours-1");
    let told = all("plan", "ours-1.toml", plan.as_bytes(), &["protocol", "check", "FILE"]);
    says(&told, "empty", 2, &["refused: 1 of 1 files"]);
    says(&told, "html", 2, &["refused: 1 of 1 files"]);
    says(&told, "utf-16", 3, &["not read: 1 of 1 files"]);
    says(&told, "latin-1", 3, &["not read: 1 of 1 files"]);
    let told = all("own-plan", "ours-1.toml", plan.as_bytes(), &["advise", "FOLDER", "--protocol-file", "FILE"]);
    says(&told, "empty", 2, &["the plan is refused", "missing field `id`"]);
    says(&told, "latin-1", 3, &["cannot read the plan", "no text in UTF-8"]);
}

#[test]
fn models_and_event_tables_of_every_broken_kind_are_refused() {
    let model = b"model decay \"One compartment\"\nverified assumed\ntime d\nparameter k = 0.1 1/d \"rate\"\nstate A = 100 mg \"amount\"\nd A = -k * A\n";
    let told = all("model", "decay.model", model, &["solve", "FILE", "--until", "1"]);
    says(&told, "empty", 3, &["line 1", "write `model"]);
    says(&told, "latin-1", 3, &["no text in UTF-8"]);
    assert!(told.iter().all(|(how, ..)| !["crlf", "bom"].contains(how)), "a byte order mark is no part of a model: {told:?}");
    let table = b"ID,TIME,AMT,EVID,CMT,DV\n1,0,100,1,1,.\n1,1,.,0,1,.\n";
    let told = all("events", "events.csv", table, &["solve", "hanson-2016", "--events", "FILE"]);
    says(&told, "empty", 3, &["the table is empty"]);
    says(&told, "utf-16", 3, &["no text in UTF-8"]);
    let sbml = br#"<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model/></sbml>"#;
    let told = all("sbml", "m.xml", sbml, &["solve", "FILE", "--until", "1"]);
    says(&told, "crlf", 3, &["unit of time", "--time h or --time d"]);
    says(&told, "broken-off", 3, &["not XML that can be read"]);
}

#[test]
fn nothing_that_a_file_holds_reaches_the_terminal_as_a_command_to_it() {
    let folder = folder("escapes");
    let rows = "patient,time,signal,value\np,1,temperature,38\u{1b}[31m\np,1,\u{1b}]0;title\u{7},3\np,2,temperature,39\n";
    std::fs::write(folder.join("events.csv"), rows).unwrap();
    for args in [&["grade"][..], &["explain", "--patient", "p"], &["advise", "--protocol", "asco-2021"]] {
        let (status, out, message) = run(&[&args[..1], &[folder.to_str().unwrap()], &args[1..]].concat());
        assert_eq!(status, 0, "{message}");
        for text in [&out, &message] {
            assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{args:?}: {text:?}");
        }
    }
}

#[test]
fn an_answer_without_a_line_says_why() {
    let input = format!("{HERE}/../../examples/plain-text");
    let (status, _, message) = run(&["scores", &input, "--score", "easix,phoenix"]);
    assert!(status == 0 && message.contains("nothing that easix reads is charted of any patient"), "{message}");
    let (_, _, message) = run(&["scores", &input]);
    assert!(!message.contains("is charted of any patient"), "{message}");
    let (status, _, message) = run(&["grade", &input, "--out", &folder("a-folder").display().to_string()]);
    assert!(status == 3 && message.contains("name a file in it"), "{message}");
}

#[test]
fn stories_of_every_broken_kind_are_refused() {
    let story = std::fs::read(format!("{HERE}/../../vignettes/mild.md")).unwrap();
    let told = all("story", "mild.md", &story, &["grade", "FILE"]);
    says(&told, "empty", 3, &["there is no patient block", "docs/formats.md"]);
    says(&told, "utf-16", 3, &["UTF-16"]);
}
