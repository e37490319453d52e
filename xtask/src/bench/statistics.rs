//! What a list of samples says. Pure.

/// Samples in few numbers, in the samples' own unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Summary {
    pub(crate) count: usize,
    pub(crate) median: f64,
    pub(crate) p99: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Summary {
    /// Of at least one sample; `None` of none.
    pub(crate) fn of(mut samples: Vec<f64>) -> Option<Self> {
        samples.sort_unstable_by(f64::total_cmp);
        Some(Self {
            count: samples.len(),
            min: *samples.first()?,
            max: *samples.last()?,
            median: quantile(&samples, 0.5),
            p99: quantile(&samples, 0.99),
        })
    }
}

/// The nearest rank: the smallest sample that at least this share of all don't exceed.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a rank between 0 and the number of samples, of which there are some thousands"
    )]
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted[rank.clamp(1, sorted.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_samples_by_nearest_rank() {
        let samples = (1..=200).rev().map(f64::from).collect();
        let summary = Summary::of(samples).expect("samples");
        assert_eq!(
            summary,
            Summary {
                count: 200,
                median: 100.0,
                p99: 198.0,
                min: 1.0,
                max: 200.0,
            }
        );
    }

    #[test]
    fn one_sample_is_all_there_is() {
        let summary = Summary::of(vec![3.5]).expect("a sample");
        assert_eq!((summary.median, summary.p99), (3.5, 3.5));
        assert_eq!(Summary::of(Vec::new()), None);
    }
}
