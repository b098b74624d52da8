# unempdur.json: the shipped study `unempdur` in R, from the same file: incidence and its area by
# state, differences at fixed times, hazards of all causes, both definitions of Fine and Gray,
# tests and quantiles.  Errors are robust by person, as survfit's are for several states.

rows <- third_party("UnempDur.csv")
horizon <- 26
rows$id <- seq_len(nrow(rows))
rows$treated <- (rows$ui == "no") * 1
rows$stop <- pmin(rows$spell, horizon)
rows$exit <- with(rows, ifelse(spell > horizon, 0, censor1 + 2 * censor2 + 3 * censor3))
rows$left <- factor(rows$exit, 0:3, c("censored", "full_time", "part_time", "left_again"))
causes <- levels(rows$left)[-1]
times <- c(6, 13, 19, 26)
arms <- c(comparison = 0, treated = 1)
control <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)

curve_call <- "survfit(Surv(stop, left) ~ 1, rows[rows$treated == arm, ], id = id, influence = 1)"
# The area under each curve up to the horizon, and its error by the same influence of persons.
area_of <- function(fit) {
  grid <- c(fit$time[fit$time < horizon], horizon)
  width <- diff(grid)
  steps <- seq_along(width)
  # The influence begins at time 0, the curve at its first step.
  influence <- fit$influence.pstate[, steps + 1, -1, drop = FALSE]
  moved <- apply(influence, 3, function(part) part %*% width)
  list(estimate = colSums(fit$pstate[steps, -1] * width), std_error = sqrt(colSums(moved^2)))
}
curves <- lapply(arms, function(arm) {
  fit <- eval(parse(text = curve_call))
  found <- summary(fit, times = times)
  area <- area_of(fit)
  list(
    time = fit$time, incidence = t(fit$pstate[, -1]), std_error = t(fit$std.err[, -1]),
    at = list(time = times, incidence = t(found$pstate[, -1]), std_error = t(found$std.err[, -1])),
    area = unname(area$estimate), area_error = unname(area$std_error)
  )
})

cox_call <- "coxph(Surv(stop, exit == k) ~ treated, rows, cluster = id, ties = \"efron\", control = control)"
zph_call <- "cox.zph(coxph(Surv(stop, exit == k) ~ treated, rows, ties = \"efron\", control = control), \"km\")"
rank_call <- "survdiff(Surv(stop, exit == k) ~ treated, rows)"
crr_call <- "crr(rows$stop, rows$exit, rows$treated, failcode = k, gtol = 1e-11)"
gray_call <- "cuminc(rows$stop, rows$exit, rows$treated)"
gray <- eval(parse(text = gray_call))$Tests
expand <- function(k) finegray(Surv(stop, left) ~ ., data = rows, etype = causes[k])
fine_call <- "coxph(Surv(fgstart, fgstop, fgstatus) ~ treated, expand(k), weights = fgwt, cluster = id, ties = \"efron\", control = control)"
hazards <- lapply(setNames(seq_along(causes), causes), function(k) {
  one <- function(call) eval(parse(text = call), list(k = k), environment(expand))
  cox <- one(cox_call)
  crr <- one(crr_call)
  fine <- one(fine_call)
  zph <- one(zph_call)$table["treated", ]
  rank <- one(rank_call)
  list(
    cox = list(coef = unname(coef(cox)), std_error = sqrt(cox$var[1, 1])),
    crr = list(coef = unname(crr$coef), std_error = sqrt(crr$var[1, 1])),
    finegray = list(coef = unname(coef(fine)), std_error_fixed_censoring = sqrt(fine$var[1, 1])),
    log_rank = list(chisq = rank$chisq, p_value = pchisq(rank$chisq, 1, lower.tail = FALSE)),
    gray = list(chisq = unname(gray[k, "stat"]), p_value = unname(gray[k, "pv"])),
    proportional_hazards = list(chisq = zph[["chisq"]], p_value = zph[["p"]])
  )
})

time_call <- "survreg(Surv(stop, exit == 1) ~ treated, rows, dist = \"weibull\", cluster = id, control = survreg.control(rel.tolerance = 1e-12, maxiter = 100))"
time_fit <- eval(parse(text = time_call))

quantile_call <- "survfit(Surv(stop, exit > 0) ~ 1, rows[rows$treated == arm, ], robust = TRUE, conf.type = \"log-log\")"
quantiles <- lapply(arms, function(arm) {
  found <- quantile(eval(parse(text = quantile_call)), c(.25, .5, .75))
  list(probability = c(.25, .5, .75), quantile = unname(found$quantile),
    lower = unname(found$lower), upper = unname(found$upper))
})

store(
  list(
    calls = list(curve = curve_call, cox = cox_call, zph = zph_call, log_rank = rank_call,
      crr = crr_call, gray = gray_call, finegray = fine_call, time_ratio = time_call, quantiles = quantile_call),
    n = as.list(table(ifelse(rows$treated == 1, "treated", "comparison"))), causes = causes,
    curves = curves, hazards = hazards,
    time_ratio = list(coef = unname(coef(time_fit)[2]), std_error = sqrt(time_fit$var[2, 2])),
    quantiles = quantiles
  ),
  "unempdur.json", "survival::survfit, coxph, cox.zph, survdiff, survreg, finegray; cmprsk::crr, cuminc"
)
