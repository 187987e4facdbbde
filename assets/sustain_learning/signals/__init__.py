"""What happens outside: spikes and shifts of ticket volumes, renamed labels, segments that escalate more, churn risk."""
