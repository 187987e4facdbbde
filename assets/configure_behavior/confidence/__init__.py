"""One calibrated probability of a right answer, and thresholds with a bound on the risk of answering."""
