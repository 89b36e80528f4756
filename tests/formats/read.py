"""Reads reports as other programs do: `python read.py report.parquet report.arrows`.

Needs pyarrow and duckdb. Prints types, metadata and rows, and stops where two readers see different rows.
"""

import sys

import duckdb
import pyarrow.ipc
import pyarrow.parquet


def read(path):
    if path.endswith(".parquet"):
        return pyarrow.parquet.read_table(path)
    with open(path, "rb") as stream:
        return pyarrow.ipc.open_stream(stream).read_all()


def read_otherwise(path, stream):
    source = f"read_parquet('{path}')" if path.endswith(".parquet") else "stream"
    answer = duckdb.sql(f"select * from {source}")
    return [dict(zip(answer.columns, row)) for row in answer.fetchall()]


for path in sys.argv[1:]:
    table = read(path)
    table.validate(full=True)
    rows = table.to_pylist()
    print(path, table.schema.to_string(show_schema_metadata=True), *rows, sep="\n")
    if rows != read_otherwise(path, table):
        sys.exit(f"{path}: DuckDB reads other rows")
