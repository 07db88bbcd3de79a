//! Cross-tables of two gradings of the same subjects.

/// How many subjects stand in each pair of categories: rows are the first grading, columns the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossTable {
    categories: usize,
    /// Row by row.
    counts: Vec<u64>,
}

/// A category that the table does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("category ({row}, {column}) lies outside a table of {categories} categories")]
pub struct OutOfRange {
    row: usize,
    column: usize,
    categories: usize,
}

impl CrossTable {
    /// An empty table of categories `0..categories`.
    pub fn new(categories: usize) -> Self {
        Self { categories, counts: vec![0; categories * categories] }
    }

    /// The table of paired gradings.
    ///
    /// # Errors
    /// When a category is not below `categories`.
    pub fn of_pairs(categories: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Result<Self, OutOfRange> {
        let mut table = Self::new(categories);
        for (row, column) in pairs {
            table.add(row, column, 1)?;
        }
        Ok(table)
    }

    /// Counts `n` more subjects in a cell.
    ///
    /// # Errors
    /// When a category is not below the number of categories.
    pub fn add(&mut self, row: usize, column: usize, n: u64) -> Result<(), OutOfRange> {
        let outside = OutOfRange { row, column, categories: self.categories };
        let index = (row < self.categories && column < self.categories).then(|| row * self.categories + column);
        let cell = index.and_then(|i| self.counts.get_mut(i)).ok_or(outside)?;
        *cell += n;
        Ok(())
    }

    /// The same shape with other counts, given row by row; for resampling.
    pub(crate) fn with_counts(&self, counts: Vec<u64>) -> Self {
        Self { categories: self.categories, counts }
    }

    /// Number of categories.
    pub const fn categories(&self) -> usize {
        self.categories
    }

    /// Subjects in a cell; 0 outside the table.
    pub fn count(&self, row: usize, column: usize) -> u64 {
        if row < self.categories && column < self.categories {
            self.counts.get(row * self.categories + column).map_or(0, |n| *n)
        } else {
            0
        }
    }

    /// Every cell: row, column, count.
    pub fn cells(&self) -> impl Iterator<Item = (usize, usize, u64)> {
        let categories = self.categories.max(1);
        self.counts.iter().enumerate().map(move |(i, n)| (i / categories, i % categories, *n))
    }

    /// Subjects in the table.
    pub fn n(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Subjects by category of the first grading.
    pub fn row_totals(&self) -> Vec<u64> {
        (0..self.categories).map(|row| (0..self.categories).map(|column| self.count(row, column)).sum()).collect()
    }

    /// Subjects by category of the second grading.
    pub fn column_totals(&self) -> Vec<u64> {
        (0..self.categories).map(|column| (0..self.categories).map(|row| self.count(row, column)).sum()).collect()
    }

    /// Subjects in the same category on both sides.
    pub fn agreeing(&self) -> u64 {
        (0..self.categories).map(|i| self.count(i, i)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted() {
        let table = CrossTable::of_pairs(3, [(0, 0), (0, 2), (0, 2), (1, 1)]).unwrap();
        assert_eq!((table.n(), table.agreeing(), table.count(0, 2), table.count(9, 0), table.count(0, 3)), (4, 2, 2, 0, 0));
        assert_eq!((table.row_totals(), table.column_totals()), (vec![3, 1, 0], vec![1, 1, 2]));
        assert_eq!(table.cells().filter(|(.., n)| *n > 0).collect::<Vec<_>>(), [(0, 0, 1), (0, 2, 2), (1, 1, 1)]);
    }

    #[test]
    fn categories_outside_are_refused() {
        // (0, 3) must not slip into the next row.
        let refused = [(0, 3), (3, 0), (usize::MAX - 1, 0)].map(|pair| CrossTable::of_pairs(3, [pair]).is_err());
        assert_eq!(refused, [true; 3]);
        assert!(CrossTable::of_pairs(0, [(0, 0)]).is_err());
    }
}
