"""Why a memory deserves a look: detectors read memories and yield suspicions; they never write."""
