# A case is a data file, derived columns, rows and columns by name: enough for the test to put
# the same question.  Expressions are arithmetic that R and pandas' eval read alike.

third_party <- function(name) read.csv(file.path("..", "data", "third_party", name))

case_rows <- function(case) {
  rows <- third_party(case$data)
  for (name in names(case$derive)) {
    rows[[name]] <- as.numeric(eval(parse(text = case$derive[[name]]), rows))
  }
  if (!is.null(case$subset)) rows <- rows[eval(parse(text = case$subset), rows), ]
  used <- unlist(case[c("start", "stop", "event", "columns", "weight", "cluster", "strata")])
  rows[complete.cases(rows[used]), ]
}

# "Surv(start, stop, event)" of a case.
response <- function(case, event = case$event) {
  sprintf("Surv(%s)", paste(c(case$start, case$stop, event), collapse = ", "))
}

# The arguments that a case adds to a call, as text.
options_of <- function(case) {
  given <- list(weights = case$weight, cluster = case$cluster)
  given <- given[!sapply(given, is.null)]
  if (length(given) == 0) return("")
  paste0(", ", paste(names(given), "=", given, collapse = ", "))
}

run <- function(call, rows) eval(parse(text = call), list(rows = rows), globalenv())

# Every double with the 17 digits that give it back; jsonlite stops at 15.
as_json <- function(x) {
  if (is.null(x)) return("null")
  if (is.matrix(x)) return(as_json(I(lapply(seq_len(nrow(x)), function(i) I(x[i, ])))))
  if (is.list(x) && !is.null(names(x))) {
    fields <- sprintf("\"%s\": %s", names(x), sapply(x, as_json))
    return(paste0("{", paste(fields, collapse = ",\n"), "}"))
  }
  items <- if (is.list(x)) sapply(x, as_json)
    else if (is.character(x)) sapply(x, deparse)
    else ifelse(is.finite(x), sprintf("%.17g", x), "null")
  if (length(items) == 1 && !inherits(x, "AsIs")) return(items)
  paste0("[", paste(items, collapse = ", "), "]")
}

store <- function(entries, file, source) {
  about <- list(source = source, made_by = "make_all.R; versions in sessionInfo.txt")
  writeLines(as_json(c(list("_meta" = about), entries)), file)
}

# At most 40 points of a curve, the last among them: each hangs on those before it.
thin <- function(n) rev(seq(n, 1, by = -ceiling(n / 40)))
