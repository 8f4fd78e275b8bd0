// SQL dumps: the rows of INSERT and COPY, with the columns that they or CREATE TABLE name.
//
//   INSERT INTO t VALUES (...), (...);            MySQL, SQLite, Oracle
//   INSERT INTO t (a, b) VALUES (...);
//   INSERT [dbo].[t] ([a], [b]) VALUES (N'x', CAST(N'1971-03-09' AS Date))    SQL Server, GO
//   COPY t (a, b) FROM stdin; ... \.              PostgreSQL
//
// Of a value that calls functions, its first string is taken. Keys between tables are followed
// (database.h). Other statements that hold strings go out as text; documents in hexadecimal are
// members.
#pragma once

#include "readers/context.h"

namespace sealift::readers {

bool looks_like_sql(base::ByteView bytes);

document::FileEnd read_sql(base::ByteView bytes, Context& context);

}  // namespace sealift::readers
