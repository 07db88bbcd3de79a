//! Figures for print, as self-contained SVG: courses of a population, and how well it fits.

mod courses;
mod facts;
mod fit;
mod panel;

pub(super) use courses::{Courses, arms};
pub(super) use facts::facts;
pub(super) use fit::{Fit, Learned, fit, shrinkage};

use crate::failure::Failure;
use crate::output::{failed, open};
use std::io::Write as _;
use std::path::Path;

/// Blue and vermillion of Okabe and Ito's palette, and greys.
const BLUE: &str = "#0072b2";
const VERMILLION: &str = "#d55e00";
const GREY: &str = "#8a8a8a";
const PALE: &str = "#ddd";

/// Writes one figure into a folder.
pub(super) fn write(folder: &Path, name: &str, svg: &str) -> Result<(), Failure> {
    let path = folder.join(name);
    let failed = failed(Some(&path));
    let mut out = open(Some(&path))?;
    out.write_all(svg.as_bytes()).and_then(|()| out.flush()).map_err(failed)
}

/// A figure of this size in points.
fn page(width: f64, height: f64, title: &str, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}pt\" height=\"{height}pt\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         font-family=\"Helvetica, Arial, sans-serif\" font-size=\"7\">\n<title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n{body}</svg>\n",
        escaped(title)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
