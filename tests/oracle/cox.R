# cox_r.json: coxph with weights, clusters, strata, late entry and ties, together.

colon <- list(
  data = "colon.csv", stop = "time", event = "status",
  derive = list(lev = "rx == \"Lev\"", fu = "rx == \"Lev+5FU\"", w = "(age + 10 * sex) / 50")
)
death <- c(colon, list(subset = "etype == 2", columns = I(c("lev", "fu", "sex", "age"))))
both <- c(colon, list(columns = I(c("lev", "fu", "age", "nodes")), cluster = "id"))
heart <- list(
  data = "heart.csv", start = "start", stop = "stop", event = "event",
  derive = list(w = "2 + year / 4 - age / 40"), columns = I(c("age", "surgery", "transplant"))
)
# Months as parts of a year of age: ties that hold only up to rounding.
mgus <- list(
  data = "mgus2_cr.csv", start = "age", stop = "age1", event = "death",
  derive = list(age1 = "age + futime / 12", male = "sex == \"M\"", w = "(creat + 1) / hgb"),
  columns = I(c("male", "mspike", "hgb"))
)
ties <- function(case, ties) c(case, list(ties = ties))

cases <- list(
  colon_death = death,
  colon_death_weighted = c(death, list(weight = "w")),
  colon_death_weighted_breslow = c(death, list(weight = "w", ties = "breslow")),
  colon_both_clustered = both,
  colon_both_clustered_stratified = c(both, list(strata = "etype")),
  colon_both_weighted_clustered_stratified = c(both, list(strata = "etype", weight = "w")),
  heart = heart,
  heart_exact = c(heart, list(ties = "exact")),
  heart_clustered = c(heart, list(cluster = "id")),
  heart_weighted = c(heart, list(weight = "w")),
  heart_weighted_clustered = c(heart, list(weight = "w", cluster = "id")),
  heart_weighted_clustered_breslow = c(heart, list(weight = "w", cluster = "id", ties = "breslow")),
  mgus_late_entry = mgus,
  mgus_late_entry_clustered = c(mgus, list(cluster = "dxyr")),
  mgus_late_entry_weighted_clustered = c(mgus, list(weight = "w", cluster = "dxyr")),
  mgus_late_entry_weighted_clustered_stratified = c(
    modifyList(mgus, list(columns = I(c("mspike", "hgb")))),
    list(weight = "w", cluster = "dxyr", strata = "sex")
  )
)

cox_entry <- function(case) {
  if (is.null(case$ties)) case$ties <- "efron"
  rows <- case_rows(case)
  terms <- c(case$columns, if (!is.null(case$strata)) sprintf("strata(%s)", case$strata))
  call <- sprintf(
    "coxph(%s ~ %s, rows, ties = \"%s\"%s, control = coxph.control(eps = 1e-11, iter.max = 50))",
    response(case), paste(terms, collapse = " + "), case$ties, options_of(case)
  )
  fit <- run(call, rows)
  found <- list(
    case = case, call = call, n = fit$n, n_events = fit$nevent, coef = unname(coef(fit)),
    vcov = unname(if (is.null(fit$naive.var)) fit$var else fit$naive.var), loglik = fit$loglik
  )
  if (!is.null(fit$naive.var)) found$vcov_robust <- unname(fit$var)
  if (case$ties == "exact") return(found)
  baseline <- basehaz(fit, centered = FALSE)
  baseline <- baseline[thin(nrow(baseline)), ]
  found$baseline <- list(time = baseline$time, hazard = baseline$hazard)
  if (!is.null(case$strata)) found$baseline$stratum <- sub("^.*=", "", baseline$strata)
  found$zph <- lapply(
    c(km = "km", rank = "rank", identity = "identity"),
    function(transform) unname(cox.zph(fit, transform)$table[, "chisq"])
  )
  # Each row's own influence, where there are few rows.
  if (nrow(rows) < 200) {
    found$score <- unname(residuals(fit, "score"))
    found$dfbeta <- unname(residuals(fit, "dfbeta", weighted = TRUE))
  }
  found
}

store(lapply(cases, cox_entry), "cox_r.json", "survival::coxph, basehaz, cox.zph, residuals")
