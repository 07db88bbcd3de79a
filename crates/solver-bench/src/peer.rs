//! diffsol on the bench model.
