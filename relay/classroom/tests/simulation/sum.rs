//! What happened in lessons: one in which nothing does proves nothing.

#[derive(Debug, Default)]
pub(crate) struct Sum {
    pub(crate) done: usize,
    pub(crate) refused: usize,
    pub(crate) repeated: usize,
    pub(crate) cuts: usize,
    pub(crate) private: usize,
    pub(crate) votes: usize,
    pub(crate) moves: usize,
    pub(crate) in_breakouts: usize,
    pub(crate) drawn: usize,
    pub(crate) written: usize,
    pub(crate) lines: usize,
    pub(crate) uploads: usize,
    pub(crate) spared: usize,
}

impl Sum {
    pub(crate) fn add(&mut self, other: &Self) {
        self.done += other.done;
        self.refused += other.refused;
        self.repeated += other.repeated;
        self.cuts += other.cuts;
        self.private += other.private;
        self.votes += other.votes;
        self.uploads += other.uploads;
        self.moves += other.moves;
        self.in_breakouts += other.in_breakouts;
        self.drawn += other.drawn;
        self.written += other.written;
        self.lines += other.lines;
        self.spared += other.spared;
    }

    pub(crate) fn is_telling(&self) -> bool {
        let said = [self.done, self.refused, self.repeated, self.cuts, self.private, self.votes];
        let of = [
            self.moves,
            self.in_breakouts,
            self.drawn,
            self.written,
            self.lines,
            self.uploads,
            self.spared,
        ];
        said.into_iter().chain(of).all(|count| count > 0)
    }
}
