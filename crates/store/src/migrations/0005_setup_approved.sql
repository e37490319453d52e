-- What was approved to be done to packages, as JSON. Nothing: nobody knows, so nothing is compared with it.
ALTER TABLE setup_transactions ADD COLUMN approved TEXT;
