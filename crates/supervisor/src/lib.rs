//! Module processes: a pure state machine and its driver.
