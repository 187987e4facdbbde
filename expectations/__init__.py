"""Great Expectations suites, one a contract, and the bridge that validates a frame against one."""
