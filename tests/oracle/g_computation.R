# g-computation as MatchIt's and marginaleffects' documentation has it: one model with all
# interactions of arm and covariates, predictions averaged over the target unweighted, delta
# method on sandwich's covariance (HC3 after subclasses and exact sets, HC1 by pair).

score <- function(d, x) {
  predict(glm(reformulate(x, "treat"), binomial, d, epsilon = 1e-14, maxit = 100))
}

# Weights of sets: MatchIt's, each arm's scaled to its size.
set_weights <- function(treat, set, estimand) {
  n1 <- tapply(treat, set, sum)[as.character(set)]
  n <- tapply(treat, set, length)[as.character(set)]
  of <- switch(estimand, ATT = n1, ATC = n - n1, ATE = n)
  w <- of / ifelse(treat == 1, n1, n - n1)
  for (arm in 0:1) w[treat == arm] <- w[treat == arm] * sum(treat == arm) / sum(w[treat == arm])
  as.numeric(w)
}

# Greedy 1:1 pairs on the score in the given order; ties by row.
pairs_of <- function(d, score, focal, caliper, largest) {
  set <- rep(NA, nrow(d))
  width <- if (is.null(caliper)) Inf else caliper * sd(score)
  own <- which(d$treat == focal)
  free <- which(d$treat != focal)
  for (i in own[order(if (largest) -score[own] else score[own], own)]) {
    gap <- abs(score[free] - score[i])
    if (length(free) == 0 || min(gap) > width) next
    j <- free[which.min(gap)]
    set[c(i, j)] <- i
    free <- setdiff(free, j)
  }
  set
}

standardised <- function(d, y, x, target, vcov_of, logit) {
  f <- reformulate(sprintf("treat * (%s)", paste(x, collapse = " + ")), y)
  fit <- if (logit) {
    suppressWarnings(glm(f, quasibinomial, d, weights = w, epsilon = 1e-14, maxit = 200))
  } else lm(f, d, weights = w)
  beta <- coef(fit)
  known <- !is.na(beta)
  gradient <- 0
  means <- c()
  for (arm in 1:0) {
    X <- model.matrix(delete.response(terms(fit)), transform(d[target, ], treat = arm),
                      xlev = fit$xlevels)[, known]
    eta <- as.numeric(X %*% beta[known])
    means <- c(means, mean(if (logit) plogis(eta) else eta))
    slope <- if (logit) dlogis(eta) else rep(1, length(eta))
    gradient <- gradient + (2 * arm - 1) * colMeans(X * slope)
  }
  V <- vcov_of(fit)[known, known]
  scale <- if (logit) 100 else 1
  list(estimate = scale * (means[1] - means[2]), treated = scale * means[1],
       std_error = scale * sqrt(as.numeric(gradient %*% V %*% gradient)))
}

hc3 <- function(fit) vcovHC(fit, type = "HC3")
by_set <- function(fit) vcovCL(fit, cluster = d$set, type = "HC1")

nhefs <- third_party("nhefs.csv")
names(nhefs)[names(nhefs) == "qsmk"] <- "treat"
nhefs$gain <- as.numeric(nhefs$wt82_71 > 5)
covariates <- c("sex", "age", "race", "education", "smokeintensity", "smokeyrs", "exercise", "active", "wt71")
found <- list()

for (case in list(list("ATT", 4), list("ATT", 5), list("ATE", 8), list("ATT", "exact"))) {
  d <- nhefs
  x <- covariates
  if (case[[2]] == "exact") {
    x <- c("sex", "race", "exercise", "active")
    d$set <- as.integer(interaction(d[x], drop = TRUE))
    both <- tapply(d$treat, d$set, function(t) any(t == 1) && any(t == 0))
    d <- d[both[as.character(d$set)], ]
  } else {
    s <- score(d, x)
    among <- if (case[[1]] == "ATT") s[d$treat == 1] else s
    edges <- quantile(among, seq(0, 1, length.out = case[[2]] + 1))
    d$set <- findInterval(s, edges[-c(1, length(edges))])
  }
  d$w <- set_weights(d$treat, d$set, case[[1]])
  target <- if (case[[1]] == "ATT") d$treat == 1 else rep(TRUE, nrow(d))
  means <- lm(wt82_71 ~ treat, d, weights = w)
  found[[paste("nhefs", case[[2]], case[[1]])]] <- list(
    linear = standardised(d, "wt82_71", x, target, hc3, FALSE),
    logit = standardised(d, "gain", x, target, hc3, TRUE),
    means = list(estimate = coef(means)[["treat"]], std_error = sqrt(hc3(means)[2, 2]))
  )
}

lalonde <- third_party("lalonde.csv")
lalonde$y <- as.numeric(lalonde$re78 > 0)
x <- c("age", "educ", "race", "married", "nodegree", "re74", "re75")
lalonde$set <- pairs_of(lalonde, score(lalonde, x), 1, NULL, TRUE)
d <- subset(lalonde, !is.na(set))
d$w <- 1
# Rows of equal scores stand in other pairs than MatchIt's, so that there is no error to compare.
pairs <- standardised(d, "y", x, d$treat == 1, by_set, TRUE)
found[["lalonde pairs ATT"]] <- list(logit = pairs[c("estimate", "treated")])

full <- fromJSON("matching_lalonde.json")$full
d <- transform(lalonde, w = full$weights, set = full$sets)
found[["lalonde full ATT"]] <- list(logit = standardised(d, "y", x, d$treat == 1, by_set, TRUE))

jobs <- third_party("jobs2.csv")
x <- c("econ_hard", "depress1", "sex", "age", "occp", "marital", "nonwhite", "educ", "income")
jobs$set <- pairs_of(jobs, score(jobs, x), 0, 0.1, FALSE)
d <- subset(jobs, !is.na(set))
d$w <- 1
found[["jobs2 pairs ATC"]] <- list(logit = standardised(d, "job", x, d$treat == 0, by_set, TRUE))

store(found, "g_computation_r.json", "lm, glm and sandwich, see g_computation.R")
