package server

import (
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hjemmel/hjemmel/server/access"
	"github.com/hjemmel/hjemmel/server/api"
)

//go:embed login.html
var loginHTML string

var loginTemplate = template.Must(template.New("login").Parse(loginHTML))

// loginPage is what the page before the login says.
type loginPage struct {
	Title, Text string
	Start       string // where the button leads; "" for no button
	Button      string
	Fault       bool
	RequestID   string
}

const loginStart = "/login/start"

// loginAddress leads to the login and from there to the page that was wanted.
func loginAddress(wanted *url.URL) string {
	if to := access.LocalPath(wanted.RequestURI()); to != "/" {
		return "/login?to=" + url.QueryEscape(to)
	}
	return "/login"
}

// registerLogin adds the pages of the login, and who is logged in.
func (s *Server) registerLogin(r gin.IRouter) {
	r.GET("/api/v1/me", s.me)
	r.POST("/api/v1/logout", s.logout)
	if s.cfg.Access == nil {
		return
	}
	r.GET("/login", s.showLogin)
	r.GET(access.GoodbyePath, func(c *gin.Context) {
		s.showPage(c, http.StatusOK, loginPage{Title: "Du er logget ud", Text: "Luk browseren, hvis andre bruger den samme computer.", Start: loginStart, Button: "Log ind igen"})
	})
	if s.cfg.Access.HasLogin() {
		r.GET(loginStart, s.beginLogin)
		r.GET(access.CallbackPath, s.completeLogin)
	}
}

func (s *Server) showLogin(c *gin.Context) {
	page := loginPage{Title: "Log ind på Hjemmel", Text: "Hjemmel er for kommunens medarbejdere. Du logger ind med din arbejdskonto.", Button: "Log ind"}
	page.Start = loginStart + "?to=" + url.QueryEscape(access.LocalPath(c.Query("to")))
	if !s.cfg.Access.HasLogin() {
		page = loginPage{Title: "Ingen login i browseren", Text: "Denne Hjemmel kan kun bruges af programmer med en API-nøgle. Bed driften om at sætte login op (OIDC)."}
	}
	s.showPage(c, http.StatusOK, page)
}

func (s *Server) beginLogin(c *gin.Context) {
	address, err := s.cfg.Access.Begin(c.Writer, c.Query("to"))
	if err != nil {
		s.loginFault(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, address)
}

func (s *Server) completeLogin(c *gin.Context) {
	to, err := s.cfg.Access.Complete(c.Writer, c.Request)
	if err != nil {
		s.loginFault(c, err)
		return
	}
	c.Redirect(http.StatusSeeOther, to)
}

// loginFaults are what a person is told of a login that failed. What exactly is
// wrong stands in the log only.
var loginFaults = []struct {
	err    error
	status int
	text   string
}{
	{access.ErrNoRole, http.StatusForbidden, "Du er logget ind, men ingen af dine grupper giver adgang til Hjemmel. Bed din leder eller driften om adgang."},
	{access.ErrOverage, http.StatusForbidden, "Du er medlem af så mange grupper, at loginserveren ikke sender dem med, og så kan Hjemmel ikke se, hvad du må læse. Kontakt driften: loginserveren skal sættes op til kun at sende de grupper, som Hjemmel bruger."},
	{access.ErrLoginLate, http.StatusBadRequest, "Login tog for lang tid, eller det blev begyndt i et andet vindue. Prøv igen."},
	{access.ErrDenied, http.StatusForbidden, "Loginserveren lukkede dig ikke ind. Prøv igen, eller kontakt driften."},
	{access.ErrIssuer, http.StatusServiceUnavailable, "Loginserveren svarer ikke, som den skal. Prøv igen om lidt, og kontakt driften, hvis det fortsætter."},
	{access.ErrLogin, http.StatusBadRequest, "Login kunne ikke bekræftes. Prøv igen, og kontakt driften, hvis det fortsætter."},
}

func (s *Server) loginFault(c *gin.Context, err error) {
	page := loginPage{Title: "Du blev ikke logget ind", Start: loginStart, Button: "Prøv igen", Fault: true, RequestID: c.Writer.Header().Get(api.RequestIDHeader)}
	status := http.StatusInternalServerError
	page.Text = "Der opstod en uventet fejl. Prøv igen, og kontakt driften, hvis det fortsætter."
	for _, fault := range loginFaults {
		if errors.Is(err, fault.err) {
			status, page.Text = fault.status, fault.text
			break
		}
	}
	s.log.Warn("login failed", "error", err, "request_id", page.RequestID)
	s.showPage(c, status, page)
}

func (s *Server) showPage(c *gin.Context, status int, page loginPage) {
	var b strings.Builder
	if err := loginTemplate.Execute(&b, page); err != nil {
		problem(c, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "text/html; charset=utf-8", []byte(b.String()))
}

// logout ends the session; the page then goes where the reply says, so that the
// issuer ends its session too. It is no form: the pages' policy lets forms lead
// nowhere else.
func (s *Server) logout(c *gin.Context) {
	to := "/"
	var err error
	if s.cfg.Access != nil {
		to, err = s.cfg.Access.End(c.Writer, c.Request)
	}
	if err != nil {
		problem(c, err)
		return
	}
	c.JSON(http.StatusOK, api.LoggedOut{Location: to})
}

func (s *Server) me(c *gin.Context) {
	p := access.From(c.Request.Context())
	me := api.Me{Subject: p.Subject, Name: p.Name, Roles: p.Roles, Groups: p.Groups, Login: s.cfg.Access != nil, Everything: p.Everything}
	if me.Groups == nil {
		me.Groups = []string{}
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, me)
}
