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
    let mut digits = [0_u32; 10];
    let mut count = 0;
    for character in text.chars().filter(|c| !matches!(c, ' ' | '-')) {
        let (Some(digit), Some(slot)) = (character.to_digit(10), digits.get_mut(count)) else {
            return false;
        };
        *slot = digit;
        count += 1;
    }
    let [first @ .., last] = digits;
    let sum: u32 = first.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
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
    let value = |c: char| c.to_digit(10).or_else(|| letter_value(c));
    let mut characters = text.chars();
    let Some(check) = characters.next().and_then(letter_value) else { return false };
    let mut sum = 0;
    let mut count = 1_u32;
    for character in characters {
        count += 1;
        match (character.to_digit(10), value(character)) {
            (None, Some(letter)) if count == 13 => sum += letter * count,
            (Some(digit), _) => sum += digit * count,
            _ => return false,
        }
        if count > 13 {
            return false;
        }
    }
    count == 13 && sum % 23 == check
}

fn letter_value(letter: char) -> Option<u32> {
    UPN_LETTERS.chars().position(|known| known == letter).and_then(|place| u32::try_from(place).ok())
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
