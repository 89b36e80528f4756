//! Loading: the facts of a whole authority at once, each clock worked out once.

use super::Facts;

impl Facts {
    /// Facts that will take in every record of an authority: the clocks of plans, which hang together with those of other
    /// records, wait for [`Self::loaded`].
    pub fn loading() -> Self {
        Self { loading: true, ..Self::default() }
    }

    /// Works out what waited for the last record. From then on each record counts as it comes.
    #[must_use]
    pub fn loaded(mut self) -> Self {
        for plan in self.chains.plans.numbers() {
            self.chains.clocks(*plan, &self.calendar, |_, number, instances| self.clocks.append(number, instances));
        }
        self.clocks.set_in_order();
        self.loading = false;
        self
    }
}
