//! Pages of a column, none of which may claim far more than it can hold.
//!
//! The `parquet` crate reserves what a page's header claims before it looks at the page, so a file of two
//! kilobytes could ask for gigabytes, and a reservation that fails ends the process. So the claims are
//! checked first.
//!
//! Source: Apache Parquet format, `parquet.thrift`; Apache Thrift, compact protocol.

use super::thrift;
use ::parquet::column::page::{Page, PageMetadata, PageReader};
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::metadata::ColumnChunkMetaData;
use ::parquet::file::reader::{ChunkReader, Length};
use ::parquet::file::serialized_reader::SerializedPageReader;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

/// Longest header of a page; one that holds no long text takes some fifty bytes.
const HEADER: u64 = 64 << 10;
/// Bytes that any page may take once it is unpacked; writers aim at one mebibyte.
const FREE: u64 = 16 << 20;
/// How many times its packed size a page may take beyond that.
const RATIO: u64 = 1000;

/// Opens the pages of one column of a row group of `rows` rows.
///
/// # Errors
/// [`ParquetError`] when the column's place in the file or its compression is not understood.
pub(super) fn open(file: &Arc<File>, column: &ColumnChunkMetaData, rows: usize) -> Result<Box<dyn PageReader>> {
    let reader = SerializedPageReader::new(Arc::new(Chunk(Arc::clone(file))), column, rows, None)?;
    Ok(Box::new(Pages(reader)))
}

/// Pages whose dictionaries hold no more values than bytes.
struct Pages(SerializedPageReader<Chunk>);

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.0.get_next_page()?;
        match &page {
            Some(Page::DictionaryPage { buf, num_values, .. }) if *num_values as usize > buf.len() => {
                Err(ParquetError::General(format!("a dictionary states {num_values} values and holds {} bytes", buf.len())))
            }
            _ => Ok(page),
        }
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.0.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.0.skip_next_page()
    }
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

/// A file of which only pages are read: every read begins at a page's header.
struct Chunk(Arc<File>);

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.0.len()
    }
}

impl ChunkReader for Chunk {
    type T = Header;

    fn get_read(&self, start: u64) -> Result<Header> {
        let mut file = self.0.try_clone()?;
        file.seek(SeekFrom::Start(start))?;
        let mut header = Vec::new();
        file.take(HEADER).read_to_end(&mut header)?;
        if !thrift::is_sound(&header) {
            return Err(ParquetError::General("the header of a page is damaged".to_owned()));
        }
        let (unpacked, packed) = sizes(&header).ok_or_else(|| ParquetError::General("a page does not begin with its sizes".to_owned()))?;
        if unpacked > FREE + RATIO * packed {
            return Err(ParquetError::General(format!("a page of {packed} bytes claims to unpack to {unpacked}")));
        }
        Ok(Header(Cursor::new(header)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes> {
        if start.saturating_add(length as u64) > self.len() {
            return Err(ParquetError::EOF(format!("a page of {length} bytes ends beyond the file")));
        }
        self.0.get_bytes(start, length)
    }
}

/// The bytes from a page's header on. Their end is an error, for the decoder passes over what is not there as if it were.
struct Header(Cursor<Vec<u8>>);

impl Read for Header {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.0.read(into)? {
            0 if !into.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            read => Ok(read),
        }
    }
}

/// The unpacked and the packed size in a page's header, its second and third field.
fn sizes(header: &[u8]) -> Option<(u64, u64)> {
    let mut bytes = header.iter().copied();
    let mut sizes = [0; 3];
    for size in &mut sizes {
        // The next field of the struct, a 32-bit integer.
        if bytes.next()? != 0x15 {
            return None;
        }
        *size = zigzag(&mut bytes)?;
    }
    let [_page_type, unpacked, packed] = sizes;
    Some((unpacked, packed))
}

/// A number that is not negative, in groups of seven bits from the lowest, its sign in the last bit.
fn zigzag(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let byte = bytes.next()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return (number % 2 == 0).then_some(number / 2);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_a_header() {
        // A data page of 300 bytes that unpacks to 70.
        assert_eq!(sizes(&[0x15, 0x00, 0x15, 0x8c, 0x01, 0x15, 0xd8, 0x04, 0x2c]), Some((70, 300)));
        // A negative size; a long one; a field of another type; an early end.
        for header in
            [[0x15, 0, 0x15, 1, 0x15, 0], [0x15, 0, 0x15, 0xff, 0xff, 0xff], [0x15, 0, 0x16, 0, 0x15, 0], [0x15, 0, 0x15, 0, 0x15, 0x80]]
        {
            assert_eq!(sizes(&header), None, "{header:?}");
        }
    }

    #[test]
    fn a_page_is_not_unpacked_beyond_reason() {
        let path = std::env::temp_dir().join(format!("barograph-page-{}", std::process::id()));
        let claims = |header: &[u8]| {
            std::fs::write(&path, header).unwrap();
            let chunk = Chunk(Arc::new(File::open(&path).unwrap()));
            (chunk.get_read(0).is_ok(), chunk.get_bytes(0, 1 << 30).is_ok())
        };
        assert_eq!(claims(&[0x15, 0x00, 0x15, 0x8c, 0x01, 0x15, 0xd8, 0x04, 0x00]), (true, false));
        // Two gibibytes in one byte.
        assert_eq!(claims(&[0x15, 0x00, 0x15, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0x15, 0x02, 0x00]), (false, false));
        std::fs::remove_file(&path).unwrap();
    }
}
