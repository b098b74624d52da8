# clusters_r.json: sandwich::vcovCL on Petersen's panel, the whole matrix.
#
# CR2 and CR3 are not asked for: with clusters and weights sandwich leaves clubSandwich's
# definitions, which clusters.json holds.

kinds <- list(
  CR0 = "type = \"HC0\", cadjust = FALSE",
  CR1 = "type = \"HC0\", cadjust = TRUE",
  CR1S = "type = \"HC1\", cadjust = TRUE"
)
petersen <- list(
  data = "PetersenCL.csv", columns = I(c("x", "trend")),
  derive = list(trend = "year / 10", w = "1 + firm / 250")
)

cluster_entry <- function(cluster, weight) {
  rows <- case_rows(petersen)
  weights <- if (is.null(weight)) "" else sprintf(", weights = %s", weight)
  model <- sprintf("lm(y ~ x + trend, rows%s)", weights)
  fit <- run(model, rows)
  calls <- sprintf("vcovCL(%s, ~ %s, %s)", model, cluster, kinds)
  list(
    case = c(petersen, list(cluster = cluster, weight = weight)), coef = unname(coef(fit)),
    call = as.list(setNames(calls, names(kinds))),
    vcov = lapply(setNames(calls, names(kinds)), function(call) unname(run(call, rows)))
  )
}

store(
  list(
    year = cluster_entry("year", NULL), firm = cluster_entry("firm", NULL),
    year_weighted = cluster_entry("year", "w"), firm_weighted = cluster_entry("firm", "w")
  ),
  "clusters_r.json", "sandwich::vcovCL"
)
