"""Problems: data sets and documents read into the records that runs draw responses to."""
