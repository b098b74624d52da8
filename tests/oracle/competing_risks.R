# competing_risks_r.json: Fine-Gray regression by two definitions, Gray's test, log-rank tests,
# cumulative hazards, quantiles, accelerated failure times,
# pseudo-observations.
# Persons are clusters in coxph: without that it takes the pieces of a person that finegray splits
# as independent (errors .005528 and .181707 in the first case, instead of .005703 and .185635).

deaths <- list(data = "mgus2_cr.csv", stop = "etime", event = "ev",
  derive = list(male = "(sex == \"M\") * 1", w = "(creat + 1) / hgb", dxhalf = "(dxyr > 1980) * 1"))
spells <- list(data = "UnempDur.csv", stop = "spell", event = "exit",
  derive = list(exit = "censor1 + 2 * censor2 + 2 * censor3", ui1 = "(ui == \"yes\") * 1",
    w = "(tenure + 1) / age"))
mgus <- function(...) modifyList(deaths, list(columns = c("age", "male"), ...))
unemp <- function(...) modifyList(spells, list(columns = c("ui1", "age", "logwage"), ...))

crr_cases <- list(
  mgus_pcm = mgus(of = 1), mgus_death = mgus(of = 2),
  mgus_mspike = modifyList(deaths, list(columns = c("age", "male", "mspike"), of = 1)),
  unemployed_full_time = unemp(of = 1), unemployed_other = unemp(of = 2)
)
finegray_cases <- list(
  mgus_pcm = mgus(of = 1, ties = "efron"), mgus_pcm_breslow = mgus(of = 1, ties = "breslow"),
  mgus_death = mgus(of = 2, ties = "efron"),
  mgus_mspike = modifyList(deaths, list(columns = c("age", "male", "mspike"), of = 1, ties = "efron")),
  mgus_weighted = mgus(of = 1, ties = "efron", weight = "w"),
  mgus_clustered = mgus(of = 1, ties = "efron", cluster = "dxyr"),
  mgus_weighted_clustered = mgus(of = 2, ties = "efron", weight = "w", cluster = "dxyr"),
  unemployed_full_time = unemp(of = 1, ties = "efron"),
  unemployed_weighted = unemp(of = 1, ties = "efron", weight = "w"),
  unemployed_breslow = unemp(of = 1, ties = "breslow")
)

crr_entry <- function(case) {
  call <- sprintf("crr(rows$%s, rows$%s, rows[case$columns], failcode = case$of, gtol = 1e-11)",
    case$stop, case$event)
  rows <- case_rows(case)
  fit <- eval(parse(text = call), list(rows = rows, case = case), globalenv())
  at <- quantile(rows[[case$stop]], c(.25, .5, .75), names = FALSE, type = 1)
  people <- as.matrix(rows[1:3, case$columns])
  curve <- predict(fit, people)
  found <- rbind(0, curve)[1 + findInterval(at, curve[, 1]), -1]
  list(case = case, call = call, n = nrow(rows), coef = unname(fit$coef), vcov = unname(fit$var),
    loglik = c(fit$loglik.null, fit$loglik), times = at, incidence = unname(found))
}

finegray_entry <- function(case) {
  rows <- case_rows(case)
  rows$row <- seq_len(nrow(rows))
  rows$left <- factor(rows[[case$event]], 0:2, c("censored", "1", "2"))
  weight <- if (is.null(case$weight)) "" else sprintf(", weights = %s", case$weight)
  expand <- sprintf("finegray(Surv(%s, left) ~ ., data = rows, etype = \"%d\"%s)",
    case$stop, case$of, weight)
  cluster <- if (is.null(case$cluster)) "row" else case$cluster
  call <- sprintf(
    "coxph(Surv(fgstart, fgstop, fgstatus) ~ %s, expanded, weights = fgwt, cluster = %s, ties = \"%s\")",
    paste(case$columns, collapse = " + "), cluster, case$ties)
  expanded <- run(expand, rows)
  control <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)
  fit <- eval(parse(text = sub(")$", ", control = control)", call)),
    list(expanded = expanded, control = control), globalenv())
  list(case = case, call = paste(expand, call, sep = "; "), n = nrow(rows),
    coef = unname(coef(fit)), vcov_fixed_censoring = unname(fit$var),
    vcov_model = unname(fit$naive.var), loglik = fit$loglik)
}

gray_cases <- list(
  mgus_sex = c(deaths, list(group = "male")),
  mgus_age = c(deaths[c("data", "stop", "event")], list(
    derive = list(third = "1 * (age > 65) + 1 * (age > 76)"), group = "third")),
  mgus_stratified = c(deaths, list(group = "male", strata = "dxhalf")),
  unemployed_ui = c(spells, list(group = "ui1"))
)
gray_entry <- function(case) {
  rows <- case_rows(case)
  strata <- if (is.null(case$strata)) "" else sprintf(", rows$%s", case$strata)
  call <- sprintf("cuminc(rows$%s, rows$%s, rows$%s%s)", case$stop, case$event, case$group,
    strata)
  fit <- run(call, rows)
  list(case = case, call = call, chisq = unname(fit$Tests[, "stat"]), dof = unname(fit$Tests[, "df"]),
    p_value = unname(fit$Tests[, "pv"]))
}

colon <- list(data = "colon.csv", subset = "etype == 2", stop = "time", event = "status",
  derive = list(arm = "(rx == \"Lev\") * 1 + (rx == \"Lev+5FU\") * 2"))
log_rank_cases <- list(
  colon = c(colon, list(group = "arm", rho = 0)),
  colon_peto = c(colon, list(group = "arm", rho = 1)),
  colon_half = c(colon, list(group = "arm", rho = 0.5)),
  colon_stratified = c(colon, list(group = "arm", rho = 0, strata = "sex")),
  colon_stratified_peto = c(colon, list(group = "arm", rho = 1, strata = "extent")),
  unemployed = list(data = "UnempDur.csv", stop = "spell", event = "censor1", group = "ui1",
    derive = list(ui1 = "(ui == \"yes\") * 1"), rho = 0)
)
log_rank_entry <- function(case) {
  strata <- if (is.null(case$strata)) "" else sprintf(" + strata(%s)", case$strata)
  call <- sprintf("survdiff(%s ~ %s%s, rows, rho = %g)", response(case), case$group, strata, case$rho)
  fit <- run(call, case_rows(case))
  sums <- function(x) if (is.matrix(x)) rowSums(x) else x
  list(case = case, call = call, observed = unname(sums(fit$obs)), expected = unname(sums(fit$exp)),
    vcov = unname(fit$var), chisq = fit$chisq)
}

# The log-rank test is the score test of Cox's model with Breslow's ties: with weights, clusters
# and late entry its robust form is coxph's, at no difference.
score_cases <- list(
  weighted = c(spells, list(group = "ui1", weight = "w")),
  clustered = list(data = "colon.csv", subset = "etype == 2", stop = "time", event = "status",
    group = "sex", cluster = "age"),
  late_entry = list(data = "heart.csv", start = "start", stop = "stop", event = "event",
    group = "transplant", cluster = "id"),
  everything = list(data = "heart.csv", start = "start", stop = "stop", event = "event",
    derive = list(w = "(age + 60) / 50"), group = "transplant", cluster = "id", weight = "w",
    strata = "surgery")
)
score_cases$weighted$event <- "censor1"
score_entry <- function(case) {
  weight <- if (is.null(case$weight)) "" else sprintf(", weights = %s", case$weight)
  strata <- if (is.null(case$strata)) "" else sprintf(" + strata(%s)", case$strata)
  rows <- case_rows(case)
  rows$row <- seq_len(nrow(rows))
  cluster <- if (is.null(case$cluster)) "row" else case$cluster
  call <- sprintf("coxph(%s ~ %s%s, rows%s, cluster = %s, ties = \"breslow\", init = 0, iter = 0)",
    response(case), case$group, strata, weight, cluster)
  fit <- run(call, rows)
  score <- sum(residuals(fit, type = "score", weighted = TRUE))
  list(case = case, call = call, chisq = fit$rscore, score = score)
}

# Cumulative hazards and quantiles of survfit.
hazard_cases <- list(
  colon = colon[c("data", "subset", "stop", "event")],
  colon_clustered = c(colon[c("data", "subset", "stop", "event")], list(cluster = "age")),
  colon_weighted = c(colon[c("data", "subset", "stop", "event")],
    list(derive = list(w = "(age + 10 * sex) / 50"), weight = "w")),
  heart_late_entry = list(data = "heart.csv", start = "start", stop = "stop", event = "event"),
  heart_late_entry_weighted = list(data = "heart.csv", start = "start", stop = "stop",
    event = "event", derive = list(w = "(age + 60) / 50"), weight = "w"),
  unemployed = list(data = "UnempDur.csv", stop = "spell", event = "censor1")
)
hazard_entry <- function(case) {
  rows <- case_rows(case)
  call <- sprintf("survfit(%s ~ 1, rows%s, conf.type = \"log-log\")", response(case), options_of(case))
  fit <- run(call, rows)
  kept <- thin(length(fit$time))
  shares <- c(0.1, 0.25, 0.4)
  found <- quantile(fit, shares)
  list(case = case, call = call, time = fit$time[kept], hazard = fit$cumhaz[kept],
    std_error = fit$std.chaz[kept], shares = shares, quantile = unname(found$quantile),
    lower = unname(found$lower), upper = unname(found$upper))
}
# A curve that lies on 0.5 for a while.
flat_entry <- function() {
  rows <- data.frame(stop = c(1, 2, 3, 4, 5, 6, 7, 8), event = c(1, 1, 1, 1, 0, 0, 1, 1))
  call <- "survfit(Surv(stop, event) ~ 1, rows)"
  found <- quantile(run(call, rows), 0.5)
  list(call = call, stop = rows$stop, event = rows$event, median = unname(found$quantile))
}

# Accelerated failure times: parameters a, b and c = -log(scale), as in the test.
aft_cases <- list(
  weibull = "weibull", `log-logistic` = "loglogistic", `log-normal` = "lognormal"
)
aft_entry <- function(dist) {
  case <- list(data = "UnempDur.csv", stop = "spell", event = "censor1",
    cluster = "age", derive = list(ui1 = "(ui == \"yes\") * 1"))
  call <- sprintf("survreg(Surv(spell, censor1) ~ ui1, rows, dist = \"%s\", cluster = age,
    control = survreg.control(rel.tolerance = 1e-12, maxiter = 100))", dist)
  fit <- run(call, case_rows(case))
  list(case = case, call = call, parameters = c(unname(coef(fit)), -log(fit$scale)),
    vcov = unname(fit$naive.var), loglik = fit$loglik[2], std_error = sqrt(fit$var[2, 2]))
}

# Pseudo-observations of both causes' incidence.
pseudo_entry <- function() {
  rows <- third_party("mgus2_cr.csv")
  rows$left <- factor(rows$ev, 0:2, c("censored", "1", "2"))
  call <- "pseudo(survfit(Surv(etime, left) ~ 1, rows, id = id), times = c(120, 240))"
  # pseudo looks for the rows where the call was made.
  assign("rows", rows, globalenv())
  found <- run(call, rows)
  rm("rows", envir = globalenv())
  kept <- seq(1, nrow(rows), by = 20)
  list(call = call, times = c(120, 240), rows = kept, first = found[kept, , "1"],
    second = found[kept, , "2"])
}

store(
  list(
    crr = lapply(crr_cases, crr_entry),
    finegray = lapply(finegray_cases, finegray_entry),
    gray = lapply(gray_cases, gray_entry),
    log_rank = lapply(log_rank_cases, log_rank_entry),
    score_test = lapply(score_cases, score_entry),
    hazard = lapply(hazard_cases, hazard_entry),
    flat = flat_entry(),
    aft = lapply(aft_cases, aft_entry),
    pseudo = pseudo_entry()
  ),
  "competing_risks_r.json", "cmprsk::crr, cmprsk::cuminc; survival::finegray + coxph, survdiff, survfit"
)
