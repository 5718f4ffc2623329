drop table journal_illisible;
