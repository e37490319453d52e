//! Which items of a list are which of another one. Pure: it knows indexes, and asks whether two items are the same.

/// How many insertions and removals are looked for among items without keys; more are taken for a list that is new.
const MOST_EDITS: usize = 32;

/// How many places a shifted list is looked for at: lists that repeat themselves have many that look right at first.
const MOST_SHIFTS: usize = 32;

/// For each item of the later list the index of the same item in the earlier one. No index stands twice.
pub(super) type Matches = Vec<Option<usize>>;

/// Items with equal keys are the same. `None` if a key stands twice in one of the lists.
pub(super) fn by_keys<K: Ord + Copy>(before: &[K], after: &[K]) -> Option<Matches> {
    let before = sorted(before)?;
    let after = sorted(after)?;
    let mut matches = vec![None; after.len()];
    let mut earlier = before.iter().peekable();
    for (key, index) in &after {
        while earlier.next_if(|(other, _)| other < key).is_some() {}
        if let Some((_, same)) = earlier.next_if(|(other, _)| other == key) {
            matches[*index] = Some(*same);
        }
    }
    Some(matches)
}

/// The keys in their order, each with its index; `None` if one stands twice.
pub(super) fn sorted<K: Ord + Copy>(keys: &[K]) -> Option<Vec<(K, usize)>> {
    let mut sorted: Vec<_> = keys.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    let is_unique = sorted.windows(2).all(|pair| pair[0].0 != pair[1].0);
    is_unique.then_some(sorted)
}

/// The first items went, or the last ones, and what is left begins or ends the later list: a chart that moves on, a log.
/// `same_run(i, j, n)` says whether `n` items from `i` on are those from `j` on.
pub(super) fn by_shift(
    before: usize,
    after: usize,
    same_run: impl Fn(usize, usize, usize) -> bool,
) -> Option<Matches> {
    let at_front = shift(before, after, |skipped, count| same_run(skipped, 0, count));
    if let Some(skipped) = at_front {
        return Some(
            (0..after)
                .map(|index| Some(index + skipped).filter(|index| *index < before))
                .collect(),
        );
    }
    let skipped = shift(after, before, |skipped, count| same_run(0, skipped, count))?;
    Some((0..after).map(|index| index.checked_sub(skipped)).collect())
}

/// How many items to skip in a list of `long` so that the rest is how one of `short` begins. `None` as well if so few are
/// left that a shift would be more work than other ways.
fn shift(long: usize, short: usize, same: impl Fn(usize, usize) -> bool) -> Option<usize> {
    let fits = |skipped: &usize| {
        let kept = long - skipped;
        kept <= short && *skipped + (short - kept) <= long.max(short)
    };
    (1..long)
        .filter(fits)
        .filter(|skipped| same(*skipped, 1))
        .take(MOST_SHIFTS)
        .find(|skipped| same(*skipped, long - skipped))
}

/// The fewest insertions and removals, after E. W. Myers, "An O(ND) Difference Algorithm" (1986). `None` if there are
/// more than a few.
pub(super) fn by_edits(
    before: usize,
    after: usize,
    same: impl Fn(usize, usize) -> bool,
) -> Option<Matches> {
    let mut furthest = Diagonals::new();
    let mut history = Vec::new();
    for edits in 0..=MOST_EDITS as isize {
        history.push(furthest.clone());
        for diagonal in (-edits..=edits).step_by(2) {
            let (mut i, mut j) = furthest.step(edits, diagonal);
            while i < before && j < after && same(i, j) {
                (i, j) = (i + 1, j + 1);
            }
            furthest.set(diagonal, i);
            if i >= before && j >= after {
                return Some(matches_of(&history, before, after));
            }
        }
    }
    None
}

/// How far into the earlier list each diagonal (`i - j`) has come.
#[derive(Clone)]
struct Diagonals(Vec<usize>);

impl Diagonals {
    fn new() -> Self {
        Self(vec![0; 2 * MOST_EDITS + 3])
    }

    fn get(&self, diagonal: isize) -> usize {
        self.0[(diagonal + MOST_EDITS as isize + 1) as usize]
    }

    fn set(&mut self, diagonal: isize, i: usize) {
        self.0[(diagonal + MOST_EDITS as isize + 1) as usize] = i;
    }

    /// The diagonal that one edit leads here from.
    fn origin(&self, edits: isize, diagonal: isize) -> isize {
        let inserts = diagonal == -edits
            || (diagonal != edits && self.get(diagonal - 1) < self.get(diagonal + 1));
        if inserts { diagonal + 1 } else { diagonal - 1 }
    }

    /// Where that edit ends.
    fn step(&self, edits: isize, diagonal: isize) -> (usize, usize) {
        if edits == 0 {
            return (0, 0);
        }
        let origin = self.origin(edits, diagonal);
        let i = self.get(origin) + usize::from(origin < diagonal);
        (i, (i as isize - diagonal) as usize)
    }
}

/// The way back from the ends of both lists.
fn matches_of(history: &[Diagonals], before: usize, after: usize) -> Matches {
    let mut matches = vec![None; after];
    let (mut i, mut j) = (before, after);
    for (edits, furthest) in history.iter().enumerate().rev() {
        let diagonal = i as isize - j as isize;
        let (step_i, step_j) = furthest.step(edits as isize, diagonal);
        while i > step_i && j > step_j {
            (i, j) = (i - 1, j - 1);
            matches[j] = Some(i);
        }
        if edits > 0 {
            let origin = furthest.origin(edits as isize, diagonal);
            i = furthest.get(origin);
            j = (i as isize - origin) as usize;
        }
    }
    matches
}

/// Pairs what is left between matches, one by one: what stands in the same gap is likely the same item, changed. Does
/// nothing if matches cross each other, when there are no gaps.
pub(super) fn pair_gaps(matches: &mut Matches, before: usize) {
    if !matches.iter().flatten().is_sorted() {
        return;
    }
    let mut free = 0;
    let mut gap = 0;
    for index in 0..=matches.len() {
        let next = match matches.get(index) {
            Some(None) => continue,
            Some(Some(next)) => *next,
            None => before,
        };
        let pairs = (index - gap).min(next - free);
        for pair in 0..pairs {
            matches[gap + pair] = Some(free + pair);
        }
        (gap, free) = (index + 1, next + 1);
    }
}

/// Which of these different numbers can stay where they are so that the others, moved, bring all into rising order: a
/// longest rising subsequence.
pub(super) fn staying(numbers: &[usize]) -> Vec<bool> {
    if numbers.is_sorted() {
        return vec![true; numbers.len()];
    }
    // For each length the place of the least number that a rising row of that length ends with.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = vec![None; numbers.len()];
    for (place, number) in numbers.iter().enumerate() {
        let length = ends.partition_point(|end| numbers[*end] < *number);
        previous[place] = length.checked_sub(1).map(|last| ends[last]);
        if length == ends.len() {
            ends.push(place);
        } else {
            ends[length] = place;
        }
    }
    let mut stays = vec![false; numbers.len()];
    let mut next = ends.last().copied();
    while let Some(place) = next {
        stays[place] = true;
        next = previous[place];
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(before: &str, after: &str) -> Option<usize> {
        let (before, after) = (before.as_bytes(), after.as_bytes());
        let matches = by_edits(before.len(), after.len(), |i, j| before[i] == after[j])?;
        assert!(matches.iter().flatten().is_sorted());
        for (j, i) in matches.iter().enumerate() {
            assert!(i.is_none_or(|i| before[i] == after[j]));
        }
        let same = matches.iter().flatten().count();
        Some(before.len() + after.len() - 2 * same)
    }

    #[test]
    fn the_fewest_edits_are_found() {
        assert_eq!(edits("", ""), Some(0));
        assert_eq!(edits("abc", "abc"), Some(0));
        assert_eq!(edits("", "abc"), Some(3));
        assert_eq!(edits("abc", ""), Some(3));
        assert_eq!(edits("abcabba", "cbabac"), Some(5));
        assert_eq!(edits(&"a".repeat(40), &"b".repeat(40)), None);
        assert_eq!(edits(&"a".repeat(16), &"b".repeat(16)), Some(32));
        assert_eq!(edits(&"a".repeat(16), &"b".repeat(17)), None);
    }

    #[test]
    fn gaps_are_paired_one_by_one() {
        let mut matches = vec![None, None, Some(1), None, Some(4), None];
        pair_gaps(&mut matches, 7);
        assert_eq!(matches, [Some(0), None, Some(1), Some(2), Some(4), Some(5)]);
        let mut crossing = vec![Some(2), None, Some(0)];
        pair_gaps(&mut crossing, 3);
        assert_eq!(crossing, [Some(2), None, Some(0)]);
        let mut none = vec![None; 2];
        pair_gaps(&mut none, 3);
        assert_eq!(none, [Some(0), Some(1)]);
    }

    #[test]
    fn as_many_as_can_stay_do() {
        let staying = |numbers: &[usize]| -> Vec<usize> {
            let stays = staying(numbers);
            numbers
                .iter()
                .zip(stays)
                .filter_map(|(number, stays)| stays.then_some(*number))
                .collect()
        };
        assert_eq!(staying(&[3, 0, 1, 2]), [0, 1, 2]);
        assert_eq!(staying(&[1, 2, 3, 0]), [1, 2, 3]);
        assert_eq!(staying(&[2, 1, 0]).len(), 1);
        assert!(staying(&[]).is_empty());
    }
}
