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
    pub(crate) forbidden: usize,
    pub(crate) cameras: usize,
    pub(crate) floors: usize,
    pub(crate) captions: usize,
    pub(crate) roles: usize,
    pub(crate) door: usize,
    pub(crate) bans: usize,
    pub(crate) waits: usize,
    pub(crate) turned_back: usize,
    pub(crate) nameless: usize,
    pub(crate) ends: usize,
    pub(crate) unattended: usize,
}

impl Sum {
    pub(crate) fn add(&mut self, other: &Self) {
        self.done += other.done;
        self.refused += other.refused;
        self.repeated += other.repeated;
        self.cuts += other.cuts;
        self.private += other.private;
        self.votes += other.votes;
        self.moves += other.moves;
        self.in_breakouts += other.in_breakouts;
        self.drawn += other.drawn;
        self.written += other.written;
        self.lines += other.lines;
        self.uploads += other.uploads;
        self.spared += other.spared;
        self.forbidden += other.forbidden;
        self.cameras += other.cameras;
        self.floors += other.floors;
        self.captions += other.captions;
        self.roles += other.roles;
        self.door += other.door;
        self.bans += other.bans;
        self.waits += other.waits;
        self.turned_back += other.turned_back;
        self.nameless += other.nameless;
        self.ends += other.ends;
        self.unattended += other.unattended;
    }

    pub(crate) fn is_telling(&self) -> bool {
        let counts = [
            self.done,
            self.refused,
            self.repeated,
            self.cuts,
            self.private,
            self.votes,
            self.moves,
            self.in_breakouts,
            self.drawn,
            self.written,
            self.lines,
            self.uploads,
            self.spared,
            self.forbidden,
            self.cameras,
            self.floors,
            self.captions,
            self.roles,
            self.door,
            self.bans,
            self.waits,
            self.turned_back,
            self.nameless,
            self.ends,
            self.unattended,
        ];
        counts.into_iter().all(|count| count > 0)
    }
}
