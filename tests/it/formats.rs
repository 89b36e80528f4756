//! Forms of a report: which one is answered, and that every cell comes back from each.

use actix_web::web::Bytes;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::StreamReader;
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};
use serde_json::{Value, json};
use twentyweeks::http::all_definitions;
use twentyweeks::http::format::{
    Cell, Column, ColumnType, Format, FormatError, Report, WriteError, arrow, column, ndjson, parquet,
};

const PLACES: &[Column] =
    &[column("la_name", ColumnType::Text, "A name."), column("plans", ColumnType::Count, "How many.")];
const REST: &[Column] = &[
    column("plans_pc", ColumnType::Percentage, "Share."),
    column("due", ColumnType::Date, "A day."),
    column("awaiting", ColumnType::List, "Words."),
];

fn report(rows: Vec<Vec<Cell>>) -> Report {
    Report { name: "example", definition: all_definitions()[0], columns: [PLACES, REST].concat(), rows }
}

fn dated(text: &'static str) -> Vec<Cell> {
    vec![Cell::Null, Cell::Null, Cell::Null, Cell::text(text), Cell::Null]
}

/// Rows with every kind of value, the borders of each, and nulls.
fn example() -> Report {
    report(vec![
        vec![
            Cell::text("Barking, \"and\"\nDagenham £ 🜚"),
            Cell::Count(0),
            Cell::Tenths(667),
            Cell::text("2024-02-29"),
            Cell::List(vec!["medical", "social_care"]),
        ],
        vec![Cell::Null; 5],
        vec![
            Cell::text(""),
            Cell::Count(9_007_199_254_740_993),
            Cell::Tenths(0),
            Cell::text("1970-01-01"),
            Cell::List(vec![]),
        ],
        dated("1969-12-31"),
        dated("1900-01-01"),
        vec![Cell::text("Hackney"), Cell::Count(1), Cell::Tenths(1000), Cell::Null, Cell::List(vec!["medical"])],
    ])
}

/// [`example`] in plain values: days as numbers since 1970.
fn expected() -> Vec<Value> {
    vec![
        json!(["Barking, \"and\"\nDagenham £ 🜚", 0, 66.7, 19782, ["medical", "social_care"]]),
        json!([null, null, null, null, null]),
        json!(["", 9_007_199_254_740_993_u64, 0.0, 0, []]),
        json!([null, null, null, -1, null]),
        json!([null, null, null, -25567, null]),
        json!(["Hackney", 1, 100.0, null, ["medical"]]),
    ]
}

fn metadata() -> Vec<(&'static str, String)> {
    let keys = ["as_at", "known_at", "definition", "formula_version", "ledger_seq", "suppression"];
    keys.into_iter().zip((0_u8..).map(|number| format!("value {number}"))).collect()
}

/// The value of one cell as the reader has it, by the type the reader says it is.
fn value(array: &dyn Array, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Int64 => json!(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => json!(array.as_primitive::<Float64Type>().value(row)),
        DataType::Date32 => json!(array.as_primitive::<Date32Type>().value(row)),
        DataType::Utf8 => json!(array.as_string::<i32>().value(row)),
        DataType::List(item) if *item.data_type() == DataType::Utf8 => {
            let words = array.as_list::<i32>().value(row);
            (0..words.len()).map(|place| value(&words, place)).collect()
        }
        other => panic!("no column is written as {other}"),
    }
}

fn rows(batches: &[RecordBatch]) -> Vec<Value> {
    let of_batch = |batch: &RecordBatch| {
        let row = |row| batch.columns().iter().map(|column| value(column, row)).collect();
        (0..batch.num_rows()).map(row).collect::<Vec<_>>()
    };
    batches.iter().flat_map(of_batch).collect()
}

/// Name and type of each column, all of which may be null.
fn columns(schema: &arrow_schema::Schema) -> Vec<(String, DataType)> {
    assert!(schema.fields().iter().all(|field| field.is_nullable()));
    let bare = |field: &arrow_schema::FieldRef| (field.name().clone(), field.data_type().clone());
    schema.fields().iter().map(bare).collect()
}

fn expected_columns(item: &str) -> Vec<(String, DataType)> {
    let list = DataType::new_list(DataType::Utf8, true);
    let list = match list {
        DataType::List(field) => DataType::List(field.as_ref().clone().with_name(item).into()),
        other => other,
    };
    let types = [DataType::Utf8, DataType::Int64, DataType::Float64, DataType::Date32, list];
    ["la_name", "plans", "plans_pc", "due", "awaiting"].map(str::to_owned).into_iter().zip(types).collect()
}

fn read_arrow(bytes: &[u8]) -> (arrow_schema::SchemaRef, Vec<RecordBatch>) {
    let reader = StreamReader::try_new(bytes, None).unwrap();
    (reader.schema(), reader.map(|batch| batch.unwrap()).collect())
}

fn read_parquet(bytes: Vec<u8>) -> (arrow_schema::SchemaRef, Vec<RecordBatch>) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).unwrap();
    (builder.schema().clone(), builder.build().unwrap().map(|batch| batch.unwrap()).collect())
}

#[test]
fn every_cell_comes_back_from_an_arrow_stream() {
    let (schema, batches) = read_arrow(&arrow(&example(), &metadata()).unwrap());
    assert_eq!(columns(&schema), expected_columns("item"));
    assert_eq!(rows(&batches), expected());
    let held: Vec<_> = metadata().iter().map(|(key, _)| (*key, schema.metadata()[*key].clone())).collect();
    assert_eq!(held, metadata());
    assert_eq!(schema.metadata().len(), metadata().len());
}

#[test]
fn every_cell_comes_back_from_a_parquet_file() {
    let bytes = parquet(&example(), &metadata()).unwrap();
    let (schema, batches) = read_parquet(bytes.clone());
    assert_eq!(columns(&schema), expected_columns("element"));
    assert_eq!(rows(&batches), expected());
    let file = SerializedFileReader::new(Bytes::from(bytes)).unwrap();
    let about = file.metadata().file_metadata();
    let pairs = about.key_value_metadata().unwrap().iter();
    let held: Vec<_> = pairs.map(|pair| (pair.key.as_str(), pair.value.clone().unwrap())).collect();
    assert_eq!(held, metadata());
    assert_eq!(about.created_by(), Some("twentyweeks version 1"));
    assert_eq!(file.num_row_groups(), 1);
}

#[test]
fn lines_hold_the_objects_of_the_json_document() {
    let bytes = ndjson(&example()).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let lines: Vec<_> = text.split_terminator('\n').collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(
        lines[0],
        "{\"la_name\":\"Barking, \\\"and\\\"\\nDagenham £ 🜚\",\"plans\":0,\"plans_pc\":66.7,\"due\":\"2024-02-29\",\"awaiting\":[\"medical\",\"social_care\"]}"
    );
    assert_eq!(lines[1], r#"{"la_name":null,"plans":null,"plans_pc":null,"due":null,"awaiting":null}"#);
    assert_eq!(lines[2], r#"{"la_name":"","plans":9007199254740993,"plans_pc":0.0,"due":"1970-01-01","awaiting":[]}"#);
    assert_eq!(lines[3], r#"{"la_name":null,"plans":null,"plans_pc":null,"due":"1969-12-31","awaiting":null}"#);
}

#[test]
fn a_report_without_rows_keeps_its_columns() {
    let empty = report(Vec::new());
    assert_eq!(ndjson(&empty).unwrap(), b"");
    let (schema, batches) = read_arrow(&arrow(&empty, &metadata()).unwrap());
    assert_eq!((columns(&schema), rows(&batches)), (expected_columns("item"), vec![]));
    let (schema, batches) = read_parquet(parquet(&empty, &[]).unwrap());
    assert_eq!((columns(&schema), rows(&batches)), (expected_columns("element"), vec![]));
}

#[test]
fn the_same_report_is_the_same_bytes() {
    let once = (parquet(&example(), &metadata()).unwrap(), arrow(&example(), &metadata()).unwrap());
    for _ in 0..20 {
        let again = (parquet(&example(), &metadata()).unwrap(), arrow(&example(), &metadata()).unwrap());
        assert!(once == again, "what was written differs from what was written before");
    }
    let mut reversed = metadata();
    reversed.reverse();
    assert!(once.1 == arrow(&example(), &reversed).unwrap(), "the order of metadata shows in the stream");
}

#[test]
fn many_rows_come_back_in_their_order() {
    let row = |number: u64| {
        let text = if number.is_multiple_of(7) { Cell::Null } else { Cell::text(format!("name {number}")) };
        vec![text, Cell::Count(number), Cell::Tenths(number % 1001), Cell::Null, Cell::List(vec!["a"])]
    };
    let many = report((0..50_000).map(row).collect());
    let (_, from_parquet) = read_parquet(parquet(&many, &[]).unwrap());
    let (_, from_arrow) = read_arrow(&arrow(&many, &[]).unwrap());
    let from_parquet = rows(&from_parquet);
    assert_eq!(from_parquet.len(), 50_000);
    assert_eq!(from_parquet[49_999], json!(["name 49999", 49_999, 95.0, null, ["a"]]));
    assert!(from_parquet == rows(&from_arrow), "a Parquet file and an Arrow stream of one report differ");
}

#[test]
fn a_cell_of_another_type_than_its_column_is_said() {
    let wrong = [
        (0, Cell::Count(1), "la_name"),
        (1, Cell::text("1"), "plans"),
        (1, Cell::Count(u64::MAX), "plans"),
        (2, Cell::Count(1), "plans_pc"),
        (3, Cell::text("29/02/2024"), "due"),
        (3, Cell::text("2023-02-29"), "due"),
        (4, Cell::text("medical"), "awaiting"),
    ];
    for (place, cell, name) in wrong {
        let mut cells = vec![Cell::Null; 5];
        cells[place] = cell.clone();
        let bad = report(vec![vec![Cell::Null; 5], cells]);
        for error in [parquet(&bad, &[]).unwrap_err(), arrow(&bad, &[]).unwrap_err()] {
            assert!(matches!(error, WriteError::Cell { column, row: 1 } if column == name), "{cell:?}: {error}");
        }
    }
    let short = report(vec![vec![Cell::Null; 4]]);
    let error = arrow(&short, &[]).unwrap_err();
    assert_eq!(error.to_string(), "row 0 has nothing that the column awaiting may hold");
}

#[test]
fn words_and_media_types_belong_together() {
    assert_eq!(Format::ALL.map(Format::code), Format::CODES);
    for format in Format::ALL {
        assert_eq!(Format::of(Some(format.code()), None), Ok(format));
        assert_eq!(Format::of(Some(format.code()), Some("image/png")), Ok(format), "the word goes before the header");
        assert_eq!(Format::of(None, Some(format.media_type())), Ok(format));
        assert_eq!(Format::of(None, Some(&format.media_type().to_uppercase())), Ok(format));
        assert_eq!(Format::of(None, Some(&format!("{}, */*;q=0.1", format.media_type()))), Ok(format));
    }
    assert_eq!(Format::ALL.map(Format::extension), ["json", "csv", "ndjson", "parquet", "arrows"]);
    for word in ["xlsx", "", "CSV", "csv "] {
        assert_eq!(Format::of(Some(word), None), Err(FormatError::UnknownWord), "{word:?}");
    }
    for code in Format::CODES {
        assert!(FormatError::UnknownWord.to_string().contains(code));
    }
    for format in Format::ALL {
        let name = format.media_type().split(';').next().unwrap();
        assert!(FormatError::NotAcceptable.to_string().contains(name));
    }
}

#[test]
fn the_accept_header_is_weighed() {
    use Format::{Arrow, Csv, Json, Ndjson, Parquet};
    let wanted = [
        // Nothing said.
        ("", Json),
        ("  ", Json),
        ("*/*", Json),
        ("*", Json),
        // Ranges.
        ("application/*", Json),
        ("text/*", Csv),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", Json),
        ("application/json, text/plain, */*", Json),
        ("text/html, image/gif, *; q=.2, */*; q=.2", Json),
        // Of equals the one named, then the one named first.
        ("text/csv, application/json", Csv),
        ("application/json, text/csv", Json),
        ("text/csv, */*", Csv),
        ("*/*, text/csv", Csv),
        // Weights.
        ("text/csv;q=0.5, application/json;q=0.4", Csv),
        ("text/csv;q=0.5, application/json", Json),
        ("application/json;q=0.8, application/vnd.apache.parquet", Parquet),
        ("text/csv ; q=0.3 , application/x-ndjson ; Q=0.301", Ndjson),
        ("text/csv;q=0.1, */*;q=0.2", Json),
        ("application/*;q=0.5, text/csv;q=0.6, application/vnd.apache.arrow.stream", Arrow),
        // The closest range speaks for a type, wherever it stands.
        ("*/*, application/json;q=0", Csv),
        ("application/json;q=0, */*;q=0.1, text/csv;q=0", Ndjson),
        ("application/*, application/json;q=0.1", Ndjson),
        ("text/csv;q=0.1, text/csv;charset=utf-8;q=0.9, application/json;q=0.5", Csv),
        // Parameters.
        ("text/csv; header=present", Csv),
        ("text/csv; charset=\"UTF-8\"", Csv),
        ("text/csv; charset=iso-8859-1, application/json;q=0.2", Json),
        ("application/x-ndjson; note=\"a, text/csv; q=0\"; q=0.4, application/json;q=0.3", Ndjson),
        ("application/x-ndjson; note=\"a \\\" , \"; q=0.4, application/json;q=0.3", Ndjson),
        // What cannot be read is not there.
        (",, ;, text/csv ,", Csv),
        ("json, text/csv", Csv),
        ("application/json;q=2, text/csv", Csv),
        ("application/json;q=high, text/csv;q=0.001", Csv),
        ("application/json;q=NaN, text/csv;q=0.001", Csv),
    ];
    for (header, format) in wanted {
        assert_eq!(Format::of(None, Some(header)), Ok(format), "Accept: {header}");
    }
    assert_eq!(Format::of(None, None), Ok(Json));
    let refused = [
        "text/html",
        "image/*",
        "application/xml, text/plain",
        "*/*;q=0",
        "application/json;q=0",
        "application/json;q=0.000",
        "text/csv;charset=windows-1252",
        "*/csv",
        "application/",
        "/",
        "json",
        "application/jsonl",
        ";",
        "text/csv;q=-1",
    ];
    for header in refused {
        assert_eq!(Format::of(None, Some(header)), Err(FormatError::NotAcceptable), "Accept: {header}");
    }
}
