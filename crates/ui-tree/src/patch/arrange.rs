//! The steps that bring the items of a list into the order of a later one, and put the new ones between them. Pure.

use super::align::{Matches, staying};

/// More items aren't moved one by one: each move looks through the list, and sending it anew is soon smaller.
const MOST_MOVES: usize = 1000;

/// Items that insertions and removals may shift in all: each shifts those behind it, here and where it is carried out.
const MOST_SHIFTED: usize = 1 << 26;

/// One change of a list; indexes count after the steps before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The later list's item of this index is put there.
    Insert(usize),
    /// The same, and there it is the last one.
    Append(usize),
    /// An item is taken out and put back, where the index counts without it.
    Move { from: usize, to: usize },
}

/// What leads from the matched items of the earlier list of `before` items, in its order, to the later list. `None` if that
/// takes too many moves, or if insertions and removals shift too much.
pub(super) fn steps(matches: &Matches, before: usize) -> Option<Vec<Step>> {
    if shifted(matches, before) > MOST_SHIFTED {
        return None;
    }
    let mut list = List::of(matches);
    if list.loose() > MOST_MOVES {
        return None;
    }
    for target in 0..matches.len() {
        list.fill(target);
    }
    Some(list.steps)
}

/// How many items insertions and removals shift together, at most.
fn shifted(matches: &Matches, before: usize) -> usize {
    let kept = matches.iter().flatten().count();
    let end = matches.iter().rposition(Option::is_some).unwrap_or(0);
    let inserted = matches[..end].iter().filter(|same| same.is_none()).count();
    (before - kept) * before + inserted * matches.len()
}

/// The list while it is changed. Items go by their index in the later list, so in the end they are `0, 1, 2, …`.
struct List {
    items: Vec<usize>,
    states: Vec<State>,
    steps: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Not in the list yet.
    Missing,
    /// To be moved, once.
    Loose,
    /// In rising order with all others that are settled.
    Settled,
}

impl List {
    fn of(matches: &Matches) -> Self {
        let matched = matches
            .iter()
            .zip(0..)
            .filter_map(|(same, index)| Some(((*same)?, index)));
        let mut matched: Vec<(usize, usize)> = matched.collect();
        matched.sort_unstable();
        let items: Vec<usize> = matched.into_iter().map(|(_, index)| index).collect();
        let mut states = vec![State::Missing; matches.len()];
        for (item, stays) in items.iter().zip(staying(&items)) {
            states[*item] = if stays { State::Settled } else { State::Loose };
        }
        Self {
            items,
            states,
            steps: Vec::new(),
        }
    }

    fn loose(&self) -> usize {
        self.states
            .iter()
            .filter(|state| **state == State::Loose)
            .count()
    }

    /// Brings the item `target` to its place, in front of which all is right already.
    fn fill(&mut self, target: usize) {
        match self.states[target] {
            State::Missing => self.insert(target),
            State::Loose => self.bring(target),
            State::Settled => {
                // Only loose items can stand in front of it.
                while self.items[target] != target {
                    self.put_off(target);
                }
            }
        }
        self.states[target] = State::Settled;
    }

    fn insert(&mut self, target: usize) {
        self.steps.push(match target == self.items.len() {
            true => Step::Append(target),
            false => Step::Insert(target),
        });
        self.items.insert(target, target);
    }

    fn bring(&mut self, target: usize) {
        if let Some(from) = self.items.iter().position(|item| *item == target) {
            self.shift(from, target);
        }
    }

    /// Moves the item at `from` behind the last settled one that it follows.
    fn put_off(&mut self, from: usize) {
        let item = self.items[from];
        let precedes = |other: &usize| *other < item && self.states[*other] == State::Settled;
        if let Some(last) = self.items.iter().rposition(precedes) {
            self.shift(from, last);
        }
        self.states[item] = State::Settled;
    }

    fn shift(&mut self, from: usize, to: usize) {
        if from != to {
            let item = self.items.remove(from);
            self.items.insert(to, item);
            self.steps.push(Step::Move { from, to });
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_item_moves_once_at_most() {
        let moved = |matches: &[usize]| {
            steps(&matches.iter().copied().map(Some).collect(), matches.len()).unwrap()
        };
        assert_eq!(moved(&[0, 1, 2]), []);
        assert_eq!(moved(&[2, 0, 1]), [Step::Move { from: 2, to: 0 }]);
        assert_eq!(moved(&[1, 2, 0]), [Step::Move { from: 0, to: 2 }]);
        assert_eq!(moved(&[3, 2, 1, 0]).len(), 3);
    }

    #[test]
    fn a_list_in_disorder_is_not_moved_item_by_item() {
        let reversed = |count: usize| (0..count).rev().map(Some).collect();
        assert_eq!(
            steps(&reversed(MOST_MOVES + 1), MOST_MOVES + 1)
                .unwrap()
                .len(),
            MOST_MOVES
        );
        assert_eq!(steps(&reversed(MOST_MOVES + 2), MOST_MOVES + 2), None);
    }

    #[test]
    fn a_list_with_many_new_items_in_between_is_not_filled_item_by_item() {
        let every_second = |count: usize| {
            (0..2 * count)
                .map(|index| (index % 2 == 1).then_some(index / 2))
                .collect()
        };
        assert_eq!(steps(&every_second(1000), 1000).unwrap().len(), 1000);
        assert_eq!(steps(&every_second(50_000), 50_000), None);
    }

    proptest! {
        #[test]
        fn steps_lead_to_the_later_list(
            order in Just((0..12).collect::<Vec<usize>>()).prop_shuffle(),
            is_new in prop::collection::vec(any::<bool>(), 12),
        ) {
            let matches: Matches = order
                .iter()
                .zip(&is_new)
                .map(|(same, new)| (!new).then_some(*same))
                .collect();
            let mut list: Vec<usize> = (0..12).filter_map(|old| matches.iter().position(|same| *same == Some(old))).collect();
            for step in steps(&matches, 12).unwrap() {
                match step {
                    Step::Insert(index) => list.insert(index, index),
                    Step::Append(index) => {
                        prop_assert_eq!(index, list.len());
                        list.push(index);
                    }
                    Step::Move { from, to } => {
                        let item = list.remove(from);
                        list.insert(to, item);
                    }
                }
            }
            prop_assert_eq!(list, (0..12).collect::<Vec<_>>());
        }
    }
}
