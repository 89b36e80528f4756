//! Columns kept in step: one vector a field, sorted by the number of the record.

/// Declares a fact (one row) and its columns.
macro_rules! columns {
    (
        $(#[$doc:meta])* $rows:ident of $(#[$row_doc:meta])* $row:ident {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)+
        }
    ) => {
        $(#[$row_doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $row { $($(#[$field_doc])* pub $field: $type,)+ }

        $(#[$doc])*
        #[derive(Clone, Debug, Default)]
        pub struct $rows {
            /// Numbers of the records, ascending.
            pub number: Vec<i64>,
            $($(#[$field_doc])* pub $field: Vec<$type>,)+
        }

        impl $rows {
            /// Takes in one row: in the place of the row with that number, or as a new one.
            #[expect(clippy::indexing_slicing, reason = "columns are in step: a place in one is a place in all")]
            pub fn put(&mut self, number: i64, row: $row) {
                match self.place(number) {
                    Ok(place) => { $(self.$field[place] = row.$field;)+ }
                    Err(place) => {
                        self.make_room();
                        self.number.insert(place, number);
                        $(self.$field.insert(place, row.$field);)+
                    }
                }
            }

            /// Room for an eighth more when there is none, and not twice as much: nearly all of what is kept is kept long.
            fn make_room(&mut self) {
                if self.number.len() == self.number.capacity() {
                    self.reserve(self.number.len() / 8 + 8);
                }
            }

            /// Room for so many rows more.
            pub fn reserve(&mut self, more: usize) {
                self.number.reserve_exact(more);
                $(self.$field.reserve_exact(more);)+
            }

            /// Takes in one row after all others, whatever its number, until all are set in order.
            #[allow(dead_code, clippy::allow_attributes, reason = "most rows come in order")]
            pub fn append(&mut self, number: i64, row: $row) {
                self.number.push(number);
                $(self.$field.push(row.$field);)+
            }

            /// Sets appended rows in the order of their numbers; of several with one number the last is kept.
            #[allow(dead_code, clippy::allow_attributes, reason = "most rows come in order")]
            #[expect(clippy::indexing_slicing, reason = "columns are in step: a place in one is a place in all")]
            pub fn set_in_order(&mut self) {
                if self.number.is_sorted_by(|one, next| one < next) {
                    return;
                }
                let mut order: Vec<_> = self.number.iter().copied().zip(0..).collect();
                order.sort_unstable();
                let is_last = |at: &usize| order.get(at + 1).is_none_or(|(next, _)| *next != order[*at].0);
                let order: Vec<usize> = (0..order.len()).filter(is_last).map(|at| order[at].1).collect();
                self.number = order.iter().map(|place| self.number[*place]).collect();
                $(self.$field = order.iter().map(|place| self.$field[*place]).collect();)+
            }

            /// Bytes of memory the columns take.
            pub fn bytes(&self) -> usize {
                self.number.capacity() * size_of::<i64>() $(+ self.$field.capacity() * size_of::<$type>())+
            }

            /// The place of the row with that number.
            ///
            /// # Errors
            /// Where it would stand.
            pub fn place(&self, number: i64) -> Result<usize, usize> {
                match self.number.last() {
                    Some(last) if *last > number => self.number.binary_search(&number),
                    Some(last) if *last == number => Ok(self.number.len() - 1),
                    _ => Err(self.number.len()),
                }
            }

            /// True if there is a row with that number.
            pub fn has(&self, number: i64) -> bool {
                self.place(number).is_ok()
            }

            /// The row with that number.
            pub fn find(&self, number: i64) -> Option<$row> {
                let place = self.place(number).ok()?;
                self.row(place).map(|(_, row)| row)
            }

            /// How many rows.
            pub fn len(&self) -> usize {
                self.number.len()
            }

            /// True without rows.
            pub fn is_empty(&self) -> bool {
                self.number.is_empty()
            }

            /// The row at `place`. Always inline: who needs few of the fields is to read no others.
            #[inline(always)]
            pub fn row(&self, place: usize) -> Option<(i64, $row)> {
                let number = *self.number.get(place)?;
                Some((number, $row { $($field: *self.$field.get(place)?,)+ }))
            }

            /// All rows, in the order of their numbers.
            pub fn rows(&self) -> impl Iterator<Item = (i64, $row)> {
                (0..self.len()).filter_map(|place| self.row(place))
            }
        }
    };
}

pub(super) use columns;
