//! What each face of a graded record shows, on three invented children.

mod children;
mod page;
mod text;
