//! Units of a file as units of the equation language, so that whether they hang together can be told. What a file does not state is `?`: the defaults of level 2 (mole, litre,
//! second) are rarely meant, and are not taken for stated.

use roxmltree::Node;

use super::document::{list, number};
use super::refusal::Refusal;

/// What is not stated, or cannot be said in the language.
const UNKNOWN: &str = "?";

/// Kinds with multiples that have a symbol.
const SYMBOLS: [(&str, f64, &str); 26] = [
    ("mole", 1.0, "mol"),
    ("mole", 1e-3, "mmol"),
    ("mole", 1e-6, "umol"),
    ("mole", 1e-9, "nmol"),
    ("mole", 1e-12, "pmol"),
    ("mole", 1e-15, "fmol"),
    ("litre", 1.0, "L"),
    ("litre", 1e-1, "dL"),
    ("litre", 1e-3, "mL"),
    ("litre", 1e-6, "uL"),
    ("litre", 1e-9, "nL"),
    ("gram", 1e3, "kg"),
    ("gram", 1.0, "g"),
    ("gram", 1e-3, "mg"),
    ("gram", 1e-6, "ug"),
    ("gram", 1e-9, "ng"),
    ("gram", 1e-12, "pg"),
    ("second", 1.0, "s"),
    ("second", 60.0, "min"),
    ("second", 3600.0, "h"),
    ("second", 86_400.0, "d"),
    ("second", 604_800.0, "wk"),
    ("metre", 1.0, "m"),
    ("metre", 1e-2, "cm"),
    ("metre", 1e-3, "mm"),
    ("item", 1.0, "item"),
];

/// Kinds that are taken as they are.
const OTHERS: [&str; 23] = [
    "ampere",
    "avogadro",
    "candela",
    "celsius",
    "coulomb",
    "farad",
    "gray",
    "henry",
    "joule",
    "katal",
    "kelvin",
    "lumen",
    "lux",
    "newton",
    "ohm",
    "pascal",
    "siemens",
    "sievert",
    "steradian",
    "tesla",
    "volt",
    "watt",
    "weber",
];

/// A product of symbols and their exponents, and a factor.
#[derive(Debug, Clone, PartialEq)]
struct Product {
    factor: f64,
    parts: Vec<(String, i32)>,
}

impl Product {
    fn times(mut self, other: &Self, sign: i32) -> Self {
        self.factor *= other.factor.powi(sign);
        for (symbol, exponent) in &other.parts {
            match self.parts.iter_mut().find(|(known, _)| known == symbol) {
                Some((_, own)) => *own += sign * exponent,
                None => self.parts.push((symbol.clone(), sign * exponent)),
            }
        }
        self.parts.retain(|(_, exponent)| *exponent != 0);
        self
    }

    fn text(&self) -> String {
        let one = |(symbol, exponent): &(String, i32)| {
            let size = exponent.unsigned_abs();
            if size == 1 { symbol.clone() } else { format!("{symbol}{size}") }
        };
        let mut above: Vec<String> = self.parts.iter().filter(|part| part.1 > 0).map(one).collect();
        if (self.factor - 1.0).abs() > 1e-12 {
            above.insert(0, format!("{:?}", self.factor));
        }
        let below: String = self.parts.iter().filter(|part| part.1 < 0).map(|part| format!("/{}", one(part))).collect();
        format!("{}{below}", if above.is_empty() { "1".to_owned() } else { above.join("*") })
    }
}

/// The units that a model defines.
pub(super) struct Units<'a> {
    model: Node<'a, 'a>,
}

impl<'a> Units<'a> {
    pub(super) fn of(model: Node<'a, 'a>) -> Self {
        Self { model }
    }

    /// The unit of this name; `?` where there is none.
    pub(super) fn text(&self, name: Option<&str>) -> Result<String, Refusal> {
        Ok(self.product(name)?.map_or_else(|| UNKNOWN.to_owned(), |product| product.text()))
    }

    /// The unit of a species' amount, and of what its name stands for.
    pub(super) fn species(&self, species: Node<'a, 'a>, as_amount: bool) -> Result<[String; 2], Refusal> {
        let amount = self.product(species.attribute("substanceUnits").or_else(|| self.model.attribute("substanceUnits")))?;
        let home = list(self.model, "listOfCompartments").find(|node| node.attribute("id") == species.attribute("compartment"));
        let size = home.map(|home| self.size(home)).transpose()?.flatten();
        let own = match (&amount, size) {
            (amount, _) if as_amount => amount.clone(),
            (Some(amount), Some(size)) => Some(amount.clone().times(&size, -1)),
            _ => None,
        };
        Ok([amount, own].map(|unit| unit.map_or_else(|| UNKNOWN.to_owned(), |product| product.text())))
    }

    /// The unit of a compartment's size.
    pub(super) fn compartment(&self, compartment: Node<'a, 'a>) -> Result<String, Refusal> {
        Ok(self.size(compartment)?.map_or_else(|| UNKNOWN.to_owned(), |product| product.text()))
    }

    fn size(&self, compartment: Node<'a, 'a>) -> Result<Option<Product>, Refusal> {
        let general = match compartment.attribute("spatialDimensions").unwrap_or("3") {
            "2" => "areaUnits",
            "1" => "lengthUnits",
            _ => "volumeUnits",
        };
        self.product(compartment.attribute("units").or_else(|| self.model.attribute(general)))
    }

    fn product(&self, name: Option<&str>) -> Result<Option<Product>, Refusal> {
        let Some(name) = name else { return Ok(None) };
        let Some(unit) = list(self.model, "listOfUnitDefinitions").find(|unit| unit.attribute("id") == Some(name)) else {
            return Ok(part(name, 1.0, 1));
        };
        let mut product = Product { factor: 1.0, parts: Vec::new() };
        for node in list(unit, "listOfUnits") {
            let exponent = number(node, "exponent")?.unwrap_or(1.0);
            let multiple = number(node, "multiplier")?.unwrap_or(1.0) * 10_f64.powf(number(node, "scale")?.unwrap_or(0.0));
            let whole = exponent.fract() == 0.0 && exponent.abs() < 100.0 && multiple > 0.0 && multiple.is_finite();
            let Some(part) = node.attribute("kind").filter(|_| whole).and_then(|kind| part(kind, multiple, exponent as i32)) else {
                return Ok(None);
            };
            product = product.times(&part, 1);
        }
        Ok(Some(product))
    }
}

/// A kind of unit, times a multiple, to an exponent; `None` where the kind is no unit of SBML.
fn part(kind: &str, multiple: f64, exponent: i32) -> Option<Product> {
    let (kind, multiple, exponent) = match kind {
        "liter" => ("litre", multiple, exponent),
        "meter" => ("metre", multiple, exponent),
        "kilogram" => ("gram", 1e3 * multiple, exponent),
        "hertz" | "becquerel" => ("second", 1.0 / multiple, -exponent),
        other => (other, multiple, exponent),
    };
    let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-9;
    if kind == "dimensionless" || kind == "radian" {
        return Some(Product { factor: multiple.powi(exponent), parts: Vec::new() });
    }
    if kind == "metre" && exponent % 3 == 0 {
        // A cubic metre is a thousand litres.
        return part("litre", 1e3 * multiple.powi(3), exponent / 3);
    }
    if let Some((.., symbol)) = SYMBOLS.iter().find(|(known, factor, _)| *known == kind && near(*factor, multiple)) {
        return Some(Product { factor: 1.0, parts: vec![((*symbol).to_owned(), exponent)] });
    }
    if let Some((.., symbol)) = SYMBOLS.iter().find(|(known, factor, _)| *known == kind && *factor == 1.0) {
        return Some(Product { factor: multiple.powi(exponent), parts: vec![((*symbol).to_owned(), exponent)] });
    }
    OTHERS.contains(&kind).then(|| Product { factor: multiple.powi(exponent), parts: vec![(kind.to_owned(), exponent)] })
}
