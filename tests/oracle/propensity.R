# propensity_r.json: logits of the propensity on MatchIt's 614 rows of LaLonde, on splines,
# polynomials and interactions, and with indicators of blank covariates.

rows <- third_party("lalonde.csv")
tight <- glm.control(epsilon = 1e-14, maxit = 100)
calls <- c(
  splines = "treat ~ splines::bs(age, df = 4) + educ * race + married + nodegree + re74 + re75",
  polynomials = "treat ~ poly(age, 3) + log(educ + 1) + race:married + I(re74^2) + re75"
)
# Blanks by position: a number gets its median and an indicator, a category a level of its own.
blank <- rows
blank$age[seq_len(nrow(rows)) %% 7 == 0] <- NA
blank$race[seq_len(nrow(rows)) %% 11 == 0] <- NA
blank$no_age <- is.na(blank$age) * 1
blank$age[is.na(blank$age)] <- median(blank$age, na.rm = TRUE)
blank$race[is.na(blank$race)] <- "missing"
calls["indicator"] <- "treat ~ age + no_age + educ + race + re74"
calls["indicator_splines"] <- "treat ~ splines::bs(age, df = 4) + no_age + educ * race + re74"
data <- list(splines = rows, polynomials = rows, indicator = blank, indicator_splines = blank)

models <- lapply(names(calls), function(name) {
  fit <- glm(as.formula(calls[[name]]), binomial, data[[name]], control = tight)
  weights <- ifelse(rows$treat == 1, 1, fitted(fit) / (1 - fitted(fit)))
  means <- sapply(1:0, function(arm) {
    weighted.mean(rows$re78[rows$treat == arm], weights[rows$treat == arm])
  })
  list(
    call = calls[[name]], deviance = deviance(fit), att = means[1] - means[2],
    # Every 25th row.
    fitted = unname(fitted(fit)[seq(1, nrow(rows), 25)])
  )
})
names(models) <- names(calls)
writeLines(as_json(models), "propensity_r.json")
