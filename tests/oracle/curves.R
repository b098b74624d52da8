# curves_r.json: survfit with weights, clusters and late entry: Kaplan-Meier and Aalen-Johansen.

death <- list(
  data = "colon.csv", subset = "etype == 2", stop = "time", event = "status",
  derive = list(w = "(age + 10 * sex) / 50")
)
months <- list(
  data = "mgus2_cr.csv", stop = "etime", event = "ev", horizon = 240,
  derive = list(age1 = "age + etime / 12", w = "(creat + 1) / hgb")
)
ages <- modifyList(months, list(start = "age", stop = "age1", subset = "age >= 50", horizon = 85))

survival_cases <- list(
  colon = death,
  colon_weighted = c(death, list(weight = "w")),
  colon_clustered = c(death, list(cluster = "age")),
  colon_weighted_clustered = c(death, list(weight = "w", cluster = "age")),
  mgus_late_entry = modifyList(ages, list(event = "death")),
  mgus_late_entry_weighted = modifyList(ages, list(event = "death", weight = "w"))
)
incidence_cases <- list(
  mgus = months,
  mgus_weighted = c(months, list(weight = "w")),
  mgus_clustered = c(months, list(cluster = "dxyr")),
  mgus_weighted_clustered = c(months, list(weight = "w", cluster = "dxyr")),
  mgus_late_entry = ages,
  mgus_late_entry_weighted = c(ages, list(weight = "w")),
  mgus_late_entry_weighted_clustered = c(ages, list(weight = "w", cluster = "dxyr"))
)

survival_entry <- function(case) {
  call <- sprintf("survfit(%s ~ 1, rows%s)", response(case), options_of(case))
  fit <- summary(run(call, case_rows(case)), censored = TRUE)
  kept <- thin(length(fit$time))
  list(
    case = case, call = call, time = fit$time[kept], at_risk = fit$n.risk[kept],
    n_events = fit$n.event[kept], survival = fit$surv[kept], std_error = fit$std.err[kept]
  )
}

# survival 3.5 takes `cluster` for competing events without a word and does nothing with it: the
# sums within clusters are taken here, over the influence that it gives (per unit of weight).
incidence_entry <- function(case) {
  event <- sprintf("factor(%s, 0:2, c(\"censored\", \"pcm\", \"death\"))", case$event)
  weight <- if (is.null(case$weight)) "" else sprintf(", weights = %s", case$weight)
  call <- sprintf(
    "survfit(%s ~ 1, rows%s, id = row, influence = TRUE)", response(case, event), weight
  )
  rows <- case_rows(case)
  rows$row <- seq_len(nrow(rows))
  fit <- run(call, rows)
  given <- if (is.null(case$weight)) rep(1, nrow(rows)) else rows[[case$weight]]
  group <- if (is.null(case$cluster)) rows$row else rows[[case$cluster]]
  # The first time of the influence is the start, where there is none yet.
  influence <- lapply(2:3, function(state) rowsum(given * fit$influence.pstate[, -1, state], group))
  error <- sapply(influence, function(by_group) sqrt(colSums(by_group^2)))
  if (is.null(case$cluster)) stopifnot(all.equal(error, unname(fit$std.err[, -1])))
  kept <- thin(length(fit$time))
  width <- diff(pmin(c(fit$time, Inf), case$horizon))
  list(
    case = case, call = call, time = fit$time[kept], incidence = unname(fit$pstate[kept, -1]),
    std_error = unname(error[kept, ]), area = colSums(fit$pstate[, -1] * width),
    area_std_error = sapply(influence, function(by_group) sqrt(sum((by_group %*% width)^2)))
  )
}

# cmprsk walks over the events on its own: a second witness of the estimates.
cuminc_entry <- function() {
  call <- "timepoints(cuminc(rows$etime, rows$ev), c(60, 120, 240, 360))$est"
  found <- run(call, third_party("mgus2_cr.csv"))
  list(call = call, time = c(60, 120, 240, 360), incidence = unname(t(found)))
}

store(
  list(
    survival = lapply(survival_cases, survival_entry),
    incidence = lapply(incidence_cases, incidence_entry),
    cuminc = cuminc_entry()
  ),
  "curves_r.json", "survival::survfit; cmprsk::cuminc"
)
