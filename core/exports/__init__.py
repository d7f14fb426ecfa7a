"""What leaves the app as a file: workbook, report, model card and bundle, all told from one answer."""
