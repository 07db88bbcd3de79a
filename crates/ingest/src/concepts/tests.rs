use super::*;

fn shipped() -> ConceptMap {
    ConceptMap::load(None).unwrap().into_owned()
}

fn signal(target: Option<&Target>) -> Option<(Meaning, Option<&str>)> {
    target.map(|t| (t.meaning, t.value.as_deref()))
}

#[test]
fn every_shipped_map_parses_and_repeats_no_code() {
    for (name, text) in SHIPPED {
        let file: File = toml::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let mut seen = HashSet::new();
        for entry in &file.concept {
            assert!(seen.insert((&entry.system, &entry.code)), "{name}: {} twice", entry.code);
        }
    }
    shipped();
}

#[test]
fn codes_are_found_under_either_spelling_of_the_system() {
    let map = shipped();
    let fever = Some((Meaning::Signal(Signal::Temperature), None));
    assert_eq!(signal(map.code("http://loinc.org", "8310-5")), fever);
    assert_eq!(signal(map.code("urn:oid:2.16.840.1.113883.6.1", "8310-5")), fever);
    assert_eq!(map.code("http://snomed.info/sct", "8310-5"), None);
}

#[test]
fn names_are_words_not_substrings() {
    let map = shipped();
    let drug = |text| map.named(Domain::Drug, text).map(|t| t.meaning);
    assert_eq!(drug("NOREPINEPHRINE 16 mg/250 mL infusion"), Some(Meaning::Signal(Signal::Norepinephrine)));
    assert_eq!(drug("epinephrine (adrenaline) drip"), Some(Meaning::Signal(Signal::Epinephrine)));
    assert_eq!(drug("Lidocaine 1% with Epinephrine"), None);
    assert_eq!(drug("Actemra"), Some(Meaning::Signal(Signal::Tocilizumab)));
    assert_eq!(drug("sodium chloride 0.9% bolus 400 mL"), Some(Meaning::Signal(Signal::FluidBolus)));
    assert_eq!(drug("sodium chloride 0.9% flush"), None);
    assert_eq!(drug("vancomycin"), None);
}

#[test]
fn the_longest_name_wins() {
    let map = shipped();
    let device = |text| map.named(Domain::Device, text).and_then(|t| t.value.as_deref());
    assert_eq!(device("High-flow nasal cannula"), Some("high_flow_nasal_cannula"));
    assert_eq!(device("Nasal cannula"), Some("nasal_cannula"));
    assert_eq!(device("Non-rebreather face mask"), Some("non_rebreather"));
    assert_eq!(device("noninvasive ventilator"), None);
}

#[test]
fn devices_are_read_by_their_usual_abbreviations() {
    let map = shipped();
    for (text, device) in [
        ("RA", Code::RoomAir),
        ("room air, off oxygen", Code::RoomAir),
        ("nc", Code::NasalCannula),
        ("NC 2 L", Code::NasalCannula),
        ("Blow-by", Code::BlowBy),
        ("Simple Mask", Code::SimpleMask),
        ("trach collar", Code::SimpleMask),
        ("T-piece", Code::SimpleMask),
        ("Venti mask", Code::VenturiMask),
        ("NRB", Code::NonRebreather),
        ("NRBM 15L", Code::NonRebreather),
        ("HFNC", Code::HighFlowNasalCannula),
        ("HF NC", Code::HighFlowNasalCannula),
        ("nasal cannula (HFNC)", Code::HighFlowNasalCannula),
        ("Heated high-flow nasal cannula", Code::HighFlowNasalCannula),
        ("nCPAP", Code::Cpap),
        ("BiPAP", Code::Bipap),
        ("BIPAP via face mask", Code::Bipap),
        ("Bi-PAP", Code::Bipap),
        ("NIV", Code::Bipap),
        ("MV", Code::InvasiveVentilation),
        ("ETT", Code::InvasiveVentilation),
        ("Ventilator, CPAP/PS", Code::InvasiveVentilation),
        ("Ventilator and ECMO", Code::Ecmo),
    ] {
        assert_eq!(map.device(text), Some(device), "{text}");
    }
    for text in
        ["", "none", "mask", "trach", "support-x", "NC to RA", "HFNC weaned, now RA", "HFNC off", "no CPAP", "not intubated", "nasal mask"]
    {
        assert_eq!(map.device(text), None, "{text}");
    }
    // What forbids a reading elsewhere forbids none of two devices that follow one another.
    for text in ["HFNC to NC", "NC to HFNC", "CPAP then BiPAP", "face mask to NRB"] {
        assert_eq!(map.device(text), None, "{text}");
    }
    assert_eq!(map.device("NC 2 L to keep SpO2 above 92"), Some(Code::NasalCannula));
    assert_eq!(map.device("high flow nasal cannula to keep SpO2"), Some(Code::HighFlowNasalCannula));
}

#[test]
fn the_infusion_is_told_from_its_preparation() {
    let map = shipped();
    let procedure = |text| signal(map.named(Domain::Procedure, text));
    assert_eq!(procedure("Infusion of tisagenlecleucel (Kymriah)"), Some((Meaning::Infusion, Some("tisagenlecleucel"))));
    assert_eq!(procedure("CAR-T cell infusion"), Some((Meaning::Infusion, None)));
    assert_eq!(procedure("Leukapheresis for CAR-T manufacture"), None);
}

#[test]
fn drugs_that_do_not_reach_the_body_are_excluded() {
    let map = shipped();
    assert!(map.is_excluded(Signal::Hydrocortisone, "hydrocortisone 1% cream"));
    assert!(map.is_excluded(Signal::Epinephrine, "epinephrine Intramuscular"));
    assert!(!map.is_excluded(Signal::Dexamethasone, "dexamethasone Intramuscular"));
}

#[test]
fn a_site_goes_before_the_shipped_maps() {
    let site = r#"
        id = "site"
        version = "1"
        citation = "our own"
        verified = "derived"
        [[concept]]
        system = "http://loinc.org"
        code = "8310-5"
        signal = "none"
        [[name]]
        of = "drug"
        words = "study drug x"
        signal = "tocilizumab"
    "#;
    let mut map = ConceptMap::default();
    map.add(site).unwrap();
    for (_, text) in SHIPPED {
        map.add(text).unwrap();
    }
    assert_eq!(map.code("http://loinc.org", "8310-5").map(|t| t.meaning), Some(Meaning::Irrelevant));
    assert_eq!(map.named(Domain::Drug, "Study drug X").map(|t| t.meaning), Some(Meaning::Signal(Signal::Tocilizumab)));
    assert_eq!(map.named(Domain::Drug, "Study drug Y"), None);
}

#[test]
fn a_map_without_its_header_or_with_unknown_words_is_refused() {
    let header = "id = \"a\"\nversion = \"1\"\ncitation = \"c\"\nverified = \"recalled\"\n";
    let entry =
        |signal: &str, value: &str| format!("[[concept]]\nsystem = \"s\"\ncode = \"c\"\nsignal = \"{signal}\"\nvalue = \"{value}\"\n");
    let mut map = ConceptMap::default();
    assert!(map.add(&entry("oxygen_device", "cpap")).is_err(), "no header");
    assert!(map.add(&format!("{header}{}", entry("oxygen_device", "cpap"))).is_ok());
    for (signal, value) in [("oxygen_device", "snorkel"), ("fever", ""), ("reported_grade", "two")] {
        let problem = map.add(&format!("{header}{}", entry(signal, value))).unwrap_err();
        assert!(problem.starts_with("concept s|c: "), "{problem}");
    }
    assert!(map.add(&header.replace("recalled", "certain")).is_err());
    assert!(map.add(&header.replace("\"c\"", "\" \"")).is_err());
}
