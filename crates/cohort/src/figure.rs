//! Figures for print: self-contained SVG in points, 8 cm wide unless there is more to show, without a plotting library.

mod alluvial;
mod heat_map;
mod svg;

pub(crate) use alluvial::alluvial;
pub(crate) use heat_map::heat_map;
