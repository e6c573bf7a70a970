//! The screens that are shared, in the order in which they were.

use mosaik_proto::room::{ParticipantId, Sharing};

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Screens(Sharing);

impl Screens {
    pub(crate) fn snapshot(&self) -> Sharing {
        self.0.clone()
    }

    /// Whether someone shares one.
    pub(crate) fn has(&self, id: ParticipantId) -> bool {
        self.0.screens.contains(&id)
    }

    /// Someone shares a screen or does not any more; false if it was so. A new one has the stage; when it
    /// ends, the one before it.
    pub(crate) fn set(&mut self, id: ParticipantId, is_shared: bool) -> bool {
        if self.has(id) == is_shared {
            return false;
        }
        let Sharing { screens, on_stage } = &mut self.0;
        if is_shared {
            screens.push(id);
            *on_stage = true;
        } else {
            screens.retain(|other| *other != id);
            *on_stage &= !screens.is_empty();
        }
        true
    }

    /// Slides or a whiteboard are shown, or put away; false if that changes nothing.
    pub(crate) fn make_way(&mut self, is_content_shown: bool) -> bool {
        let on_stage = !is_content_shown && !self.0.screens.is_empty();
        std::mem::replace(&mut self.0.on_stage, on_stage) != on_stage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: ParticipantId = ParticipantId::new(1);
    const OTHER: ParticipantId = ParticipantId::new(2);

    fn told(screens: &Screens) -> (Vec<ParticipantId>, bool) {
        let Sharing { screens, on_stage } = screens.snapshot();
        (screens, on_stage)
    }

    #[test]
    fn the_newest_screen_has_the_stage_and_leaves_it_to_the_one_before() {
        let mut screens = Screens::default();
        assert!(!screens.set(ONE, false));
        assert!(screens.set(ONE, true) && screens.set(OTHER, true));
        assert!(!screens.set(ONE, true), "who shares on does not become the newest");
        assert_eq!(told(&screens), (vec![ONE, OTHER], true));
        assert!(screens.set(OTHER, false));
        assert_eq!(told(&screens), (vec![ONE], true));
        assert!(screens.set(ONE, false));
        assert_eq!(told(&screens), (vec![], false));
    }

    #[test]
    fn what_is_shown_later_has_the_stage_until_it_is_put_away() {
        let mut screens = Screens::default();
        assert!(!screens.make_way(true) && !screens.make_way(false));
        screens.set(ONE, true);
        assert!(screens.make_way(true));
        assert!(!screens.make_way(true));
        assert_eq!(told(&screens), (vec![ONE], false));
        screens.set(OTHER, true);
        assert_eq!(told(&screens), (vec![ONE, OTHER], true));
        assert!(screens.make_way(true) && screens.make_way(false));
        assert_eq!(told(&screens), (vec![ONE, OTHER], true));
    }
}
