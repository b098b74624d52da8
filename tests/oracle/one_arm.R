# one_arm_r.json: what is read off one curve, and what a model says of all its coefficients:
# survival at times on three scales, restricted means, quantiles, coefficient tables with their
# tests, and Gray's test with weights in time.

deaths <- list(data = "mgus2_cr.csv", stop = "etime", event = "ev",
  derive = list(male = "(sex == \"M\") * 1", any = "(ev > 0) * 1", pcm = "(ev == 1) * 1"))
arms <- modifyList(deaths, list(columns = c("male", "age")))

curve_entry <- function(type) {
  rows <- case_rows(arms)
  fit <- survfit(Surv(etime, any) ~ male, rows, conf.type = type)
  at <- summary(fit, times = c(24, 120, 240))
  wanted <- quantile(fit, c(.25, .5, .75))
  table <- summary(fit, rmean = 240)$table
  list(case = arms, call = sprintf("survfit(Surv(etime, any) ~ male, rows, conf.type = \"%s\")", type),
    arm = as.integer(at$strata) - 1, time = at$time, survival = at$surv, std_error = at$std.err,
    low = at$lower, high = at$upper, at_risk = at$n.risk,
    quantile = unname(wanted$quantile), quantile_low = unname(wanted$lower),
    quantile_high = unname(wanted$upper),
    rmean = unname(table[, "rmean"]), rmean_error = unname(table[, "se(rmean)"]))
}

model_entry <- function() {
  call <- "coxph(Surv(etime, pcm) ~ male + age + factor(dxyr > 1980), rows, robust = TRUE)"
  rows <- case_rows(arms)
  fit <- coxph(Surv(etime, pcm) ~ male + age + factor(dxyr > 1980), rows, robust = TRUE,
    control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50))
  plain <- coxph(Surv(etime, pcm) ~ male + age + factor(dxyr > 1980), rows,
    control = coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50))
  shown <- summary(fit)$coefficients
  joint <- fit$coefficients[2:3] %*% solve(fit$var[2:3, 2:3], fit$coefficients[2:3])
  list(case = arms, call = call, coef = unname(shown[, "coef"]), robust = unname(shown[, "robust se"]),
    likelihood_ratio = unname(summary(plain)$logtest["test"]),
    wald = drop(plain$coefficients %*% solve(plain$var, plain$coefficients)),
    score = unname(summary(plain)$sctest["test"]),
    wald_robust = drop(fit$coefficients %*% solve(fit$var, fit$coefficients)),
    joint_robust = drop(joint), aic = AIC(plain))
}

gray_entry <- function(rho) {
  rows <- case_rows(arms)
  tests <- cuminc(rows$etime, rows$ev, rows$male, rho = rho)$Tests
  list(case = arms, call = sprintf("cuminc(rows$etime, rows$ev, rows$male, rho = %g)", rho),
    rho = rho, chisq = unname(tests[, "stat"]), p_value = unname(tests[, "pv"]))
}

store(
  list(curves = list("log-log" = curve_entry("log-log"), log = curve_entry("log"), plain = curve_entry("plain")),
    model = model_entry(), gray = lapply(c(0, .5, 1, 2), gray_entry)),
  "one_arm_r.json",
  "R's survival and cmprsk on mgus2"
)
