//! The story of an authority: how long its therapy lists are, and whose advice its late plans wait for.

use super::dice::Dice;
use crate::domain::advice_request::AdviceType;
use crate::domain::authority::Authority;
use crate::domain::service::Discipline;

use AdviceType::{EducationalPsychology, Medical, OccupationalTherapy, Physiotherapy, SpeechAndLanguageTherapy};

/// What is true of one authority in the demonstration. The numbers are invented.
pub struct Story {
    /// How often, in a hundred, an assessment asks for the advice.
    pub asks: [(AdviceType, u32); 5],
    /// Which advice holds a late case up, by weight.
    pub holds_up: [(AdviceType, u32); 5],
    /// Shortest and longest time to return advice that nobody waits for in particular, in days.
    pub returns: [(AdviceType, i32, i32); 5],
    /// Mean wait of each therapy list, in days.
    pub waits: [(Discipline, i32); 3],
}

/// The authority whose story is planted: too few speech and language and occupational therapists.
const PLANTED: &str = "301";

impl Story {
    /// The story of an authority.
    pub fn of(authority: Authority, dice: &mut Dice) -> Self {
        if authority.code() == PLANTED {
            return Self::planted();
        }
        let pressure = dice.between(75, 135);
        let wait = |days: i32| days * pressure / 100;
        Self {
            asks: [
                (EducationalPsychology, 100),
                (SpeechAndLanguageTherapy, 45),
                (OccupationalTherapy, 28),
                (Medical, 25),
                (Physiotherapy, 7),
            ],
            holds_up: [
                (EducationalPsychology, 60),
                (SpeechAndLanguageTherapy, 18),
                (OccupationalTherapy, 14),
                (Medical, 6),
                (Physiotherapy, 2),
            ],
            returns: [
                (EducationalPsychology, 25, 52),
                (SpeechAndLanguageTherapy, 22, 50),
                (OccupationalTherapy, 24, 55),
                (Medical, 15, 48),
                (Physiotherapy, 18, 45),
            ],
            waits: [
                (Discipline::SpeechAndLanguageTherapy, wait(128)),
                (Discipline::OccupationalTherapy, wait(115)),
                (Discipline::Physiotherapy, wait(70)),
            ],
        }
    }

    fn planted() -> Self {
        Self {
            asks: [
                (EducationalPsychology, 100),
                (SpeechAndLanguageTherapy, 68),
                (OccupationalTherapy, 46),
                (Medical, 25),
                (Physiotherapy, 7),
            ],
            holds_up: [
                (EducationalPsychology, 6),
                (SpeechAndLanguageTherapy, 58),
                (OccupationalTherapy, 33),
                (Medical, 2),
                (Physiotherapy, 1),
            ],
            returns: [
                (EducationalPsychology, 25, 46),
                (SpeechAndLanguageTherapy, 60, 190),
                (OccupationalTherapy, 55, 160),
                (Medical, 15, 44),
                (Physiotherapy, 18, 42),
            ],
            waits: [
                (Discipline::SpeechAndLanguageTherapy, 265),
                (Discipline::OccupationalTherapy, 230),
                (Discipline::Physiotherapy, 60),
            ],
        }
    }
}
