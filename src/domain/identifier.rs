//! National identifiers, so that they can be kept out: this service holds pseudonyms only.

/// Checks an NHS number: ten digits, modulus 11, shown with or without spaces and hyphens.
///
/// Weights 10 to 2 on the first nine digits; eleven minus the remainder is the last digit, 11 counts as 0, and 10
/// belongs to no number. Source: NHS Data Dictionary, NHS NUMBER.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::identifier::is_nhs_number;
/// assert!(is_nhs_number("943 476 5870"));
/// assert!(!is_nhs_number("9434765871"));
/// ```
pub fn is_nhs_number(text: &str) -> bool {
    let characters = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-'));
    text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-')) && has_nhs_check(characters)
}

/// True for ten digits whose last is their check digit.
fn has_nhs_check(digits: impl Iterator<Item = u8>) -> bool {
    let (mut sum, mut count, mut last) = (0, 0, 0);
    for digit in digits.map(|byte| u32::from(byte.wrapping_sub(b'0'))) {
        count += 1;
        match count {
            1..=9 => sum += digit * (11 - count),
            10 => last = digit,
            _ => return false,
        }
    }
    let check = match 11 - sum % 11 {
        11 => 0,
        other => other,
    };
    count == 10 && check == last
}

const UPN_LETTERS: &str = "ABCDEFGHJKLMNPQRTUVWXYZ";

/// Checks a unique pupil number: check letter, eleven digits, and a digit (permanent) or a letter (temporary).
///
/// Authority codes are not looked up: a number may carry a retired or a pseudo code.
/// Source: Government Data Standards Catalogue, Unique Pupil Number.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::identifier::is_upn;
/// assert!(is_upn("G301400019012"));
/// assert!(!is_upn("A801200005001"));
/// ```
pub fn is_upn(text: &str) -> bool {
    has_upn_check(text.bytes())
}

fn has_upn_check(mut characters: impl Iterator<Item = u8>) -> bool {
    let Some(check) = characters.next().and_then(letter_value) else { return false };
    let (mut sum, mut count) = (0, 1_u32);
    for character in characters {
        count += 1;
        let digit = char::from(character).to_digit(10);
        match digit.or_else(|| letter_value(character).filter(|_| count == 13)) {
            Some(value) if count <= 13 => sum += value * count,
            _ => return false,
        }
    }
    count == 13 && sum % 23 == check
}

fn letter_value(letter: u8) -> Option<u32> {
    UPN_LETTERS.bytes().position(|known| known == letter).and_then(|place| u32::try_from(place).ok())
}

/// What the national identifier is called that stands somewhere in a text; `None` if there is none.
///
/// Found are ten digits in a row with a valid check digit; the same written 3-3-4 with anything between; a text without
/// letters that has ten such digits however they are parted; and a UPN in either case, in one piece or, where its first
/// letter stands alone, in several. So one in eleven counters of ten digits is refused; a counter after a year
/// (`2024-000123`) is not, nor is a digest (32 or more hexadecimal digits, some of which look like anything).
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::identifier::identifier_in;
/// assert_eq!(identifier_in("NHS:943.476.5870"), Some("NHS number"));
/// assert_eq!(identifier_in("upn/g301400019012"), Some("unique pupil number"));
/// assert_eq!(identifier_in("EHC-301-00013"), None);
/// ```
pub fn identifier_in(text: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    let few = bytes.iter().filter(|byte| byte.is_ascii_digit()).count() < 10;
    if few || (bytes.len() >= 32 && bytes.iter().all(u8::is_ascii_hexdigit)) {
        return None;
    }
    let mut start = 0;
    for piece in bytes.split(u8::is_ascii_alphabetic) {
        let end = start + piece.len();
        let run =
            Run { before: bytes.get(..start).unwrap_or_default(), piece, after: bytes.get(end..).unwrap_or_default() };
        if run.holds_nhs_number() {
            return Some("NHS number");
        }
        if run.holds_upn() {
            return Some("unique pupil number");
        }
        start = end + 1;
    }
    None
}

/// Digits and what parts them, between two letters or the ends of a text.
struct Run<'a> {
    before: &'a [u8],
    piece: &'a [u8],
    after: &'a [u8],
}

impl<'a> Run<'a> {
    fn groups(&self) -> impl Iterator<Item = &'a [u8]> {
        self.piece.split(|byte| !byte.is_ascii_digit()).filter(|group| !group.is_empty())
    }

    fn digits(&self) -> impl Iterator<Item = u8> {
        self.piece.iter().copied().filter(u8::is_ascii_digit)
    }

    /// True for a year and what was counted in it.
    fn begins_with_year(&self) -> bool {
        self.groups()
            .next()
            .is_some_and(|group| group.len() == 4 && matches!(group, [b'1', b'9', ..] | [b'2', b'0', ..]))
    }

    fn holds_nhs_number(&self) -> bool {
        let (mut first, mut second) = (&[][..], &[][..]);
        for group in self.groups() {
            if has_nhs_check(group.iter().copied()) {
                return true;
            }
            let parts = [first, second, group];
            if parts.map(<[u8]>::len) == [3, 3, 4] && has_nhs_check(parts.into_iter().flatten().copied()) {
                return true;
            }
            (first, second) = (second, group);
        }
        let whole = self.before.is_empty() && self.after.is_empty() && !self.begins_with_year();
        whole && has_nhs_check(self.digits())
    }

    fn holds_upn(&self) -> bool {
        let [rest @ .., letter] = self.before else { return false };
        let upn = |digits: &mut dyn Iterator<Item = u8>, last: Option<&u8>| {
            let characters = std::iter::once(*letter).chain(digits).chain(last.copied());
            has_upn_check(characters.map(|byte| byte.to_ascii_uppercase()))
        };
        if self.piece.first().is_some_and(u8::is_ascii_digit) {
            let group = self.groups().next().unwrap_or_default();
            let last = self.after.first().filter(|_| group.len() == self.piece.len() && group.len() == 11);
            if upn(&mut group.iter().copied(), last) {
                return true;
            }
        }
        let alone = !rest.last().is_some_and(u8::is_ascii_alphanumeric);
        let last = self.after.first().filter(|_| self.digits().count() == 11);
        alone && !self.begins_with_year() && upn(&mut self.digits(), last)
    }
}

/// True for text that is more likely a person's name than a pseudonym: no digit at all, or two words with a capital.
///
/// A guard against the wrong column, not a proof: it cannot know every name.
pub fn looks_like_name(text: &str) -> bool {
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    let capitalised = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && word.chars().count() >= 3 && letters.all(char::is_lowercase)
    };
    let words = text.split(|c: char| !c.is_alphabetic()).filter(capitalised).count();
    !has_digit || words >= 2
}

/// True for text that may be repeated to the sender: short, one word, and neither an identifier nor a name.
pub fn is_harmless(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '.' | ':');
    let mixed_case = text.chars().any(|c| c.is_ascii_uppercase()) && text.chars().any(|c| c.is_ascii_lowercase());
    let many_digits = text.chars().filter(char::is_ascii_digit).count() > 8;
    !text.is_empty() && text.len() <= 32 && text.chars().all(plain) && !mixed_case && !many_digits
}
